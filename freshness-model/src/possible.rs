//! What can happen next.

use catalog_core::freshness::{Beat, Epoch};

use crate::{
    guards::Guard,
    primary::{Change, Record, Transaction},
    scope::Scope,
    world::{Action, Heard, Source, World, thing},
};

/// Collects what can happen.
pub(crate) fn actions(
    world: &World,
    scope: &Scope,
    without: Option<Guard>,
    actions: &mut Vec<Action>,
) {
    transactions(world, scope, without, actions);
    incidents(world, scope, actions);
    for pod in 0..scope.pods {
        polling(world, scope, pod, actions);
        loading(world, scope, without, pod, actions);
        reading(world, scope, without, pod, actions);
        if scope.redis {
            sharing(world, scope, pod, actions);
        }
    }
    if scope.redis {
        redis(world, scope, actions);
    }
    if scope.requests > 0 {
        calling(world, scope, without, actions);
    }
}

fn calling(world: &World, scope: &Scope, without: Option<Guard>, actions: &mut Vec<Action>) {
    let session = &world.session;
    for (xid, open) in &world.primary.open {
        // It does one thing after the other.
        let is_ready = session.request.is_none() && (open.logged || !scope.logged_before_visible);
        if is_ready && matches!(open.changes.first(), Some(Change::Thing { .. })) {
            actions.push(Action::EndOwn { xid: *xid });
        }
    }
    if let Some(request) = session.request {
        let pod = &world.pods[request.pod];
        let entry = pod.kept.get(&request.key);
        if entry.is_some_and(|entry| session.admits(entry, pod, without).is_some()) {
            actions.push(Action::Reply);
        }
    } else if session.requests < scope.requests {
        for pod in 0..scope.pods {
            actions.extend((0..scope.things).map(|thing| Action::Request { pod, thing }));
        }
    }
}

fn transactions(world: &World, scope: &Scope, without: Option<Guard>, actions: &mut Vec<Action>) {
    let primary = &world.primary;
    let is_refused = !primary.stands() && without != Some(Guard::WritesWait);
    if world.transactions < scope.transactions {
        actions.push(Action::Begin);
    }
    for (xid, open) in &primary.open {
        if open.is_beat() {
            actions.push(Action::EndBeat);
            continue;
        }
        let has_room = open.changes.len() < scope.writes_each && world.writes < scope.writes;
        let may_write = !is_refused && !open.logged && has_room;
        for number in (0..scope.things).filter(|_| may_write) {
            if primary.is_locked(thing(number)) {
                continue;
            }
            actions.push(Action::Write { xid: *xid, thing: number, deletes: false });
            let seen = primary.view().shown(thing(number)).write;
            if scope.deletes && seen.is_some_and(|write| !write.deletes) {
                actions.push(Action::Write { xid: *xid, thing: number, deletes: true });
            }
        }
        if scope.rollbacks && !open.logged && !open.changes.is_empty() {
            actions.push(Action::Abort { xid: *xid });
        }
        if scope.logged_before_visible && !open.logged {
            actions.push(Action::Log { xid: *xid });
        } else {
            actions.push(Action::End { xid: *xid });
        }
    }
    let is_beating = primary.open.values().any(Transaction::is_beat);
    if primary.next_beat() <= Beat(scope.beats.into()) && !is_beating && !primary.needs_epoch() {
        actions.push(Action::LogBeat);
    }
}

fn incidents(world: &World, scope: &Scope, actions: &mut Vec<Action>) {
    if world.crashes < scope.crashes {
        let all = world.primary.log.len();
        actions.extend((2..=all).map(|kept| Action::Crash { kept }));
    }
    if world.primary.needs_epoch() {
        actions.push(Action::BeginEpoch);
    }
    if scope.dumps && world.primary.stands() && !world.primary.has_dump() {
        let is_free = |number: &u128| !world.primary.is_locked(thing(*number));
        let may_write = world.writes < scope.writes;
        let things = (0..scope.things).filter(|number| may_write && is_free(number));
        actions.extend(things.map(|thing| Action::LoadDump { thing }));
    }
}

fn polling(world: &World, scope: &Scope, pod: usize, actions: &mut Vec<Action>) {
    let state = &world.pods[pod];
    let is_idle = state.poll.is_none() && state.steps.is_empty();
    if scope.fills && state.filled.is_none() && is_idle {
        actions.extend(replicas(world).map(|source| Action::Fill { pod, source }));
    }
    if is_idle && state.polls < scope.polls {
        actions.push(Action::Send { pod });
        let has_old = scope.unfenced && !world.primary.abandoned.is_empty();
        if has_old && state.newest > world.primary.abandoned_replica().epoch {
            actions.push(Action::PollOld { pod });
        }
    }
    if state.asks() {
        actions.push(Action::Answer { pod });
    } else if state.poll.is_some() {
        actions.push(Action::Receive { pod });
    }
    if !state.steps.is_empty() {
        actions.push(Action::Step { pod });
    }
    if scope.records && state.steps.is_empty() {
        actions.extend(records(world).map(|record| Action::Hear { pod, record }));
    }
}

/// All that was ever published, in whatever order it arrives, as often as it does, or never.
fn records(world: &World) -> impl Iterator<Item = Heard> {
    published(&world.primary.log).chain(published(&world.primary.abandoned))
}

fn published(log: &[Record]) -> impl Iterator<Item = Heard> {
    let mut epoch = Epoch::NONE;
    log.iter()
        .flat_map(|record| record.changes.iter().map(|change| (record.xid, change)))
        .filter_map(move |(xid, change)| match *change {
            Change::Thing { key, version, .. } => {
                // The first one stands before the first epoch's own record.
                Some(Heard { epoch: epoch.max(Epoch(1)), key, version, xid })
            }
            Change::Epoch(begun, _) => {
                epoch = begun;
                None
            }
            _ => None,
        })
}

fn replicas(world: &World) -> impl Iterator<Item = Source> {
    let replicas = (2..=world.primary.log.len()).map(Source::Replica);
    let abandoned = (!world.primary.abandoned.is_empty()).then_some(Source::Abandoned);
    replicas.chain(abandoned)
}

fn sources(world: &World) -> impl Iterator<Item = Source> {
    replicas(world).chain([Source::Primary])
}

fn loading(
    world: &World,
    scope: &Scope,
    without: Option<Guard>,
    pod: usize,
    actions: &mut Vec<Action>,
) {
    let state = &world.pods[pod];
    for number in 0..scope.things {
        let key = thing(number);
        if let Some(loaded) = state.loaded.get(&key) {
            actions.push(Action::Take { pod, thing: number });
            let documents = sources(world).filter(|_| without == Some(Guard::OneSnapshot));
            let other =
                |source: &Source| world.view(*source).shown(key).write != loaded.shown[0].write;
            let torn = documents.filter(other);
            actions.extend(torn.map(|source| Action::LoadDocument { pod, thing: number, source }));
        } else if world.loads < scope.loads && scope.beats == 0 {
            let from = sources(world);
            actions.extend(from.map(|source| Action::Load { pod, thing: number, source }));
        }
    }
    if world.loads < scope.loads && scope.beats > 0 {
        actions.extend(replicas(world).map(|source| Action::LoadList { pod, source }));
    }
    if scope.assembled
        && let (Some(first), Some(second)) = (state.kept.get(&thing(0)), state.kept.get(&thing(1)))
        && first.shown.len() == 1
        && first.epoch == second.epoch
    {
        actions.push(Action::Assemble { pod });
    }
}

fn reading(
    world: &World,
    scope: &Scope,
    without: Option<Guard>,
    pod: usize,
    actions: &mut Vec<Action>,
) {
    let state = &world.pods[pod];
    for number in 0..scope.things {
        let Some(entry) = state.kept.get(&thing(number)) else { continue };
        if scope.slow_readers && state.reading.is_none() {
            actions.push(Action::BeginReading { pod, thing: number });
        }
        let raises = state.known.published().is_some_and(|poll| poll.horizon > entry.horizon);
        if raises && state.proves(entry, without).is_some() {
            actions.push(Action::Read { pod, thing: number });
        }
    }
    if let Some(reading) = &state.reading {
        actions.push(Action::ReadOn { pod, takes: reading.next(without) });
    }
}

fn sharing(world: &World, scope: &Scope, pod: usize, actions: &mut Vec<Action>) {
    let state = &world.pods[pod];
    for number in 0..scope.things {
        let slot = world.redis.slots.get(&thing(number));
        if state.loaded.contains_key(&thing(number)) {
            if slot.is_some_and(|slot| slot.lease == Some(pod)) {
                actions.push(Action::FillRedis { pod, thing: number });
            }
        } else if slot.is_none_or(|slot| slot.body.is_some() || slot.lease.is_none()) {
            actions.push(Action::Fetch { pod, thing: number });
        }
    }
}

fn redis(world: &World, scope: &Scope, actions: &mut Vec<Action>) {
    let redis = &world.redis;
    actions.extend(records(world).map(|record| Action::Invalidate { record }));
    for number in 0..scope.things {
        if redis.slots.get(&thing(number)).is_some_and(|slot| slot.lease.is_some()) {
            actions.push(Action::EndLease { thing: number });
        }
    }
    if world.redis_losses < scope.redis_losses {
        match &redis.saved {
            None if !redis.slots.is_empty() => actions.push(Action::Save),
            Some(saved) if *saved != redis.slots => actions.push(Action::RollBack),
            _ => {}
        }
        if !redis.slots.is_empty() {
            actions.push(Action::Flush);
        }
    }
}
