//! Redis: of each thing a body, a floor and a lease. The scripts do what those of
//! `catalog_core::contract::redis_entry` do.

use std::collections::BTreeMap;

use catalog_core::{
    freshness::{Epoch, Version},
    key::EntityKey,
};

use crate::{entry::Entry, guards::Guard};

/// By what bodies and floors are ordered.
pub type Position = (Epoch, Version);

/// What is kept of one thing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Slot {
    /// What was filled in.
    pub body: Option<Entry>,
    /// The least position that a body may have.
    pub floor: Option<Position>,
    /// Who may fill: the number of the pod.
    pub lease: Option<usize>,
}

/// What became of a fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Filled {
    /// It is there.
    Filled,
    /// Another has the lease, or nobody.
    Lease,
    /// The floor is higher.
    Floor,
    /// A newer body is there.
    Newer,
}

/// Redis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Redis {
    /// What it holds.
    pub slots: BTreeMap<EntityKey, Slot>,
    /// What it held when it was last written to disk, or to a replica that will take its place.
    pub saved: Option<BTreeMap<EntityKey, Slot>>,
    /// The greatest position up to which bodies were invalidated, since nothing was last forgotten.
    pub invalidated: BTreeMap<EntityKey, Position>,
    /// Whether a fill was refused below the floor.
    pub refused: bool,
    /// Whether it went back to what was saved, and holds a body again that had been dropped.
    pub resurrected: bool,
}

fn position(entry: &Entry) -> Position {
    let version = entry.shown.first().map_or(Version(0), |shown| shown.version);
    (entry.epoch, version)
}

/// Whether a position is below another.
fn below(one: Position, other: Position, without: Option<Guard>) -> bool {
    if without == Some(Guard::RedisEpoch) { one.1 < other.1 } else { one < other }
}

impl Redis {
    /// Raises the floor, gives the body, or one caller the lease.
    pub fn fetch(
        &mut self,
        key: EntityKey,
        wanted: Position,
        pod: usize,
        without: Option<Guard>,
    ) -> Option<Entry> {
        let slot = self.slots.entry(key).or_default();
        if wanted.1 > Version(0) && slot.floor.is_none_or(|floor| below(floor, wanted, without)) {
            slot.floor = Some(wanted);
        }
        // What is wanted counts here even where it leaves no floor behind.
        let least = slot.floor.filter(|floor| !below(*floor, wanted, without)).unwrap_or(wanted);
        slot.body.take_if(|body| below(position(body), least, without));
        if slot.body.is_none() && slot.lease.is_none() {
            slot.lease = Some(pod);
        }
        slot.body.clone()
    }

    /// Stores a body, unless there is a reason not to.
    pub fn fill(
        &mut self,
        key: EntityKey,
        entry: &Entry,
        pod: usize,
        without: Option<Guard>,
    ) -> Filled {
        let slot = self.slots.entry(key).or_default();
        if slot.lease != Some(pod) {
            return Filled::Lease;
        }
        slot.lease = None;
        let at = position(entry);
        let refused = slot.floor.is_some_and(|floor| below(at, floor, without));
        if without != Some(Guard::RedisFloor) && refused {
            self.refused = true;
            return Filled::Floor;
        }
        if slot.body.as_ref().is_some_and(|body| below(at, position(body), without)) {
            return Filled::Newer;
        }
        slot.body = Some(entry.clone());
        Filled::Filled
    }

    /// Raises the floor, and drops an older body.
    pub fn invalidate(&mut self, key: EntityKey, at: Position, without: Option<Guard>) {
        let slot = self.slots.entry(key).or_default();
        if slot.floor.is_none_or(|floor| below(floor, at, without)) {
            slot.floor = Some(at);
        }
        slot.body.take_if(|body| below(position(body), at, without));
        let known = self.invalidated.entry(key).or_insert(at);
        *known = at.max(*known);
    }

    /// Forgets everything.
    pub fn flush(&mut self) {
        self.slots.clear();
        self.invalidated.clear();
    }

    /// Is replaced by what was saved.
    pub fn roll_back(&mut self) {
        if let Some(saved) = self.saved.take() {
            let holds_again = |(key, slot): (&EntityKey, &Slot)| {
                slot.body.is_some() && self.slots.get(key).is_none_or(|now| now.body != slot.body)
            };
            self.resurrected |= saved.iter().any(holds_again);
            self.slots = saved;
            self.invalidated.clear();
        }
    }

    /// Whether it holds a body from before an invalidation that it has not forgotten.
    pub fn holds_invalidated(&self) -> bool {
        self.invalidated.iter().any(|(key, at)| {
            let body = self.slots.get(key).and_then(|slot| slot.body.as_ref());
            body.is_some_and(|body| position(body) < *at)
        })
    }
}
