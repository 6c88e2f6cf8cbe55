//! The model, as the checker takes it.

use catalog_core::{
    freshness::{Moment, Pod as _, Verdict, Version},
    key::EntityKey,
};
use stateright::{Model, Property};

use crate::{
    entry::Entry,
    guards::Guard,
    pod::Pod,
    possible::actions,
    primary::Change,
    scope::Scope,
    truth::Wrong,
    world::{Action, World},
};

/// A scope, perhaps without one of the guards.
#[derive(Debug, Clone, Copy)]
pub struct Catalog {
    /// How much of everything there is.
    pub scope: &'static Scope,
    /// What has been taken away.
    pub without: Option<Guard>,
}

impl Catalog {
    /// Whether an answer that is given now without a label is wrong in this way.
    fn answers(&self, world: &World, wrong: Wrong) -> bool {
        let is_wrong = |(entry, moment): (&Entry, Moment)| {
            entry.shown.iter().any(|it| world.truth.wrong(moment, it.key, it.write) == Some(wrong))
        };
        world.pods.iter().any(|pod| {
            let kept = pod.kept.values();
            let proven =
                kept.filter_map(|entry| pod.proves(entry, self.without).map(|when| (entry, when)));
            let claimed = pod.claim.as_ref().map(|(entry, when)| (entry, *when));
            proven.chain(pod.dates_list(self.without)).chain(claimed).any(is_wrong)
        })
    }

    fn some_kept(&self, world: &World, verdict: fn(Verdict) -> bool) -> bool {
        let judge = |pod: &crate::pod::Pod| {
            let known = pod.known.published().is_some();
            known && pod.kept.values().any(|entry| verdict(pod.judge(entry, self.without)))
        };
        world.pods.iter().any(judge)
    }
}

/// Every change at or above `F` that a poll has seen is among the recent ones, unless whatever can be
/// proven has it: a later change of the same thing, by a transaction that began earlier, is below `F`.
fn polls_are_sound(world: &World) -> bool {
    world.pods.iter().all(|pod| {
        let floor = pod.known.floor();
        let has_later = |of: &EntityKey, than: Version| {
            let ended = world.primary.log.iter().filter(|record| record.xid < floor);
            ended.flat_map(|record| &record.changes).any(|change| {
                matches!(change, Change::Thing { key, version, .. } if key == of && *version > than)
            })
        };
        pod.seen.iter().all(|(key, (version, xid))| {
            let is_known = pod.known.recent(key).is_some_and(|known| known >= *version);
            *xid < floor || is_known || has_later(key, *version)
        })
    })
}

impl Model for Catalog {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.scope, self.without)]
    }

    fn actions(&self, world: &World, into: &mut Vec<Action>) {
        actions(world, self.scope, self.without, into);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        next.happen(&action, self.scope, self.without);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut all = vec![
            Property::always(
                "an unlabelled answer has all that was acknowledged",
                |it: &Self, world: &World| !Self::answers(it, world, Wrong::Old),
            ),
            Property::always("what was deleted stays so", |it: &Self, world: &World| {
                !Self::answers(it, world, Wrong::Resurrected)
            }),
            Property::always("what was created is not absent", |it: &Self, world: &World| {
                !Self::answers(it, world, Wrong::Absent)
            }),
            Property::always("what was lost is not shown", |it: &Self, world: &World| {
                !Self::answers(it, world, Wrong::Lost)
            }),
            Property::always("a poll's changes at or above F are known", |_, world: &World| {
                polls_are_sound(world)
            }),
            Property::always("Redis holds nothing that it was told to drop", |_, world: &World| {
                !world.redis.holds_invalidated()
            }),
            Property::always(
                "a caller that carries its token never goes back",
                |_, world: &World| !world.session.went_back,
            ),
            Property::always("at rest, all is proven again", |it: &Self, world: &World| {
                world.settles(it.scope, it.without)
            }),
        ];
        all.extend(self.reached());
        all
    }
}

impl Catalog {
    /// What must be reached, so that none of it is vacuous.
    fn reached(&self) -> Vec<Property<Self>> {
        let scope = self.scope;
        let mut all = Vec::new();
        if scope.beats > 0 {
            all.push(Property::sometimes("a list is dated", |it: &Self, world: &World| {
                world.pods.iter().any(|pod| pod.dates_list(it.without).is_some())
            }));
        } else {
            all.push(Property::sometimes(
                "an entry is proven after a change",
                |it: &Self, world: &World| {
                    world.writes > 0 && it.some_kept(world, |verdict| verdict == Verdict::Current)
                },
            ));
        }
        if scope.beats == 0 && scope.polls > 1 {
            all.push(Property::sometimes("an entry is superseded", |it: &Self, world: &World| {
                it.some_kept(world, |verdict| matches!(verdict, Verdict::Superseded(_)))
            }));
        }
        if scope.limit < 2 {
            all.push(Property::sometimes(
                "F has risen above an entry",
                |it: &Self, world: &World| {
                    it.some_kept(world, |verdict| verdict == Verdict::Unprovable)
                },
            ));
        }
        if scope.fills && scope.limit > 1 {
            all.push(Property::sometimes("a fill brings rows", |_, world: &World| {
                world.pods.iter().any(|pod| pod.filled.is_some_and(|rows| rows > 0))
            }));
        }
        if scope.crashes > 0 {
            all.push(Property::sometimes("a pod holds what was lost", |_, world: &World| {
                let kept = world.pods.iter().flat_map(|pod| pod.kept.values());
                let lists = world.pods.iter().filter_map(|pod| pod.list.as_ref());
                let entries = kept.chain(lists.map(|list| &list.entry));
                let mut shown = entries.flat_map(|entry| &entry.shown);
                shown.any(|it| {
                    world.truth.wrong(world.truth.now(), it.key, it.write) == Some(Wrong::Lost)
                })
            }));
        }
        if scope.redis {
            all.push(Property::sometimes("a fill is refused", |_, world: &World| {
                world.redis.refused
            }));
        }
        if scope.redis_losses > 0 {
            all.push(Property::sometimes(
                "Redis resurrects an old body, which is caught",
                |it: &Self, world: &World| {
                    let bodies =
                        || world.redis.slots.values().filter_map(|slot| slot.body.as_ref());
                    let is_caught = |pod: &Pod, entry: &Entry| {
                        bodies().any(|body| body == entry)
                            && matches!(pod.judge(entry, it.without), Verdict::Superseded(_))
                    };
                    world.redis.resurrected
                        && world
                            .pods
                            .iter()
                            .any(|pod| pod.loaded.values().any(|entry| is_caught(pod, entry)))
                },
            ));
        }
        all
    }
}
