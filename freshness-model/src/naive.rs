//! What is usually done: cache-aside, with a delete after each write. It is here to be found wanting.

use std::{collections::BTreeSet, fmt};

use catalog_core::freshness::{Version, Xid};
use stateright::{Model, Property};

use crate::{
    entry::Entry,
    primary::{Change, Primary, Record},
    truth::{Truth, Write},
    world::thing,
};

/// One thing, one cache, a primary with replicas.
#[derive(Debug, Clone, Copy)]
pub struct Naive {
    /// How often the thing is written.
    pub writes: u8,
    /// How often it is loaded.
    pub loads: u8,
}

/// Everything at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    primary: Primary,
    truth: Truth,
    cached: Option<Entry>,
    loaded: Option<Entry>,
    /// Writes whose delete has not reached the cache.
    undeleted: BTreeSet<u8>,
    writes: u8,
    loads: u8,
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// The thing is written, and the write acknowledged.
    Write,
    /// The cache is told to delete what it has.
    Delete(u8),
    /// A miss is loaded from a replica that has replayed so many records.
    Load(usize),
    /// What was loaded is put into the cache.
    Put,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write => f.write_str("the thing is written"),
            Self::Delete(write) => write!(f, "the delete of write {write} reaches the cache"),
            Self::Load(replayed) => {
                write!(f, "a miss is loaded from a replica with {replayed} records")
            }
            Self::Put => f.write_str("it is put into the cache"),
        }
    }
}

impl Model for Naive {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let first = Write { number: 0, deletes: false };
        let change = Change::Thing { key: thing(0), version: Version(1), write: first };
        let mut truth = Truth::default();
        truth.acknowledge(thing(0), first);
        vec![World {
            primary: Primary::new(change),
            truth,
            cached: None,
            loaded: None,
            undeleted: BTreeSet::new(),
            writes: 0,
            loads: 0,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.writes < self.writes {
            actions.push(Action::Write);
        }
        actions.extend(world.undeleted.iter().map(|write| Action::Delete(*write)));
        if world.loaded.is_some() {
            actions.push(Action::Put);
        } else if world.cached.is_none() && world.loads < self.loads {
            actions.extend((2..=world.primary.log.len()).map(Action::Load));
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        match action {
            Action::Write => {
                next.writes += 1;
                let write = Write { number: next.writes, deletes: false };
                let version = Version(u64::from(next.writes) + 1);
                let xid = Xid(u64::from(next.writes) + 2);
                let changes = vec![Change::Thing { key: thing(0), version, write }];
                next.primary.log.push(Record { xid, changes });
                next.truth.acknowledge(thing(0), write);
                next.undeleted.insert(next.writes);
            }
            Action::Delete(write) => {
                next.undeleted.remove(&write);
                next.cached = None;
            }
            Action::Load(replayed) => {
                next.loads += 1;
                next.loaded = Some(next.primary.replica(replayed).entry(&[thing(0)]));
            }
            Action::Put => next.cached = next.loaded.take(),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always(
            "at rest, the cache has what was acknowledged",
            |_, world: &World| {
                let is_at_rest = world.undeleted.is_empty() && world.loaded.is_none();
                let shown = world.cached.iter().flat_map(|entry| &entry.shown);
                let wrong = |write| world.truth.wrong(world.truth.now(), thing(0), write).is_some();
                !is_at_rest || !shown.into_iter().any(|shown| wrong(shown.write))
            },
        )]
    }
}
