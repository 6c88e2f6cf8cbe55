//! What a pod remembers of the changes that its polls returned, oldest first, so that it can forget
//! the oldest without forgetting what it still has to prove.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{Hash, Hasher},
};

use crate::key::EntityKey;

use super::{Version, Xid};

/// One row of the `version` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Row {
    /// What changed.
    pub key: EntityKey,
    /// To which version.
    pub version: Version,
    /// In which transaction.
    pub xid: Xid,
}

/// The recent changes in the order of their transactions, with the floor `F` and the greatest polled
/// horizon. Kept by whoever polls; readers see only the versions and `F`, in whatever shared form the
/// pod gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentLedger {
    by_xid: BTreeMap<(Xid, EntityKey), Version>,
    newest: HashMap<EntityKey, Xid>,
    floor: Xid,
    polled: Xid,
    limit: usize,
}

impl RecentLedger {
    /// Begins with nothing remembered: every change at or above `floor` will be entered.
    pub fn new(floor: Xid, limit: usize) -> Self {
        Self { by_xid: BTreeMap::new(), newest: HashMap::new(), floor, polled: floor, limit }
    }

    /// `F`: every change at or above it that a poll has seen is remembered.
    pub const fn floor(&self) -> Xid {
        self.floor
    }

    /// How many changed things are remembered.
    pub fn len(&self) -> usize {
        self.newest.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.newest.is_empty()
    }

    /// Remembers a change; of one thing only the newest is kept. Says whether it was news.
    pub fn enter(&mut self, row: Row) -> bool {
        if let Some(known) = self.newest.get(&row.key).copied() {
            if known >= row.xid {
                return false;
            }
            self.by_xid.remove(&(known, row.key));
        }
        self.newest.insert(row.key, row.xid);
        self.by_xid.insert((row.xid, row.key), row.version);
        true
    }

    /// Notes the horizon of a complete poll, whose rows have all been entered.
    pub fn polled(&mut self, horizon: Xid) {
        self.polled = self.polled.max(horizon);
    }

    /// The floor to which `F` must rise so that no more than the limit is remembered, if it must.
    /// Never above the greatest polled horizon: what is at or above that is never forgotten.
    ///
    /// The caller shows readers the raised floor first and calls [`Self::forget`] after that.
    pub fn raise_floor(&mut self) -> Option<Xid> {
        let surplus = self.len().checked_sub(self.limit).filter(|surplus| *surplus > 0)?;
        let (last, _) = self.by_xid.keys().nth(surplus - 1)?;
        // A record may say anything, so also the greatest id that there is.
        let floor = Xid(last.0.saturating_add(1)).min(self.polled);
        if floor <= self.floor {
            return None;
        }
        self.floor = floor;
        Some(floor)
    }

    /// Forgets what is below the floor and says what that was.
    pub fn forget(&mut self) -> Vec<Row> {
        let kept = self.by_xid.split_off(&(self.floor, EntityKey::FIRST));
        let dropped = std::mem::replace(&mut self.by_xid, kept);
        dropped
            .into_iter()
            .map(|((xid, key), version)| {
                self.newest.remove(&key);
                Row { key, version, xid }
            })
            .collect()
    }
}

impl Hash for RecentLedger {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // `newest` says the same as `by_xid`.
        (&self.by_xid, self.floor, self.polled, self.limit).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use uuid::Uuid;

    use super::*;

    fn row(id: u128, version: u64, xid: u64) -> Row {
        Row {
            key: EntityKey::product(Uuid::from_u128(id)),
            version: Version(version),
            xid: Xid(xid),
        }
    }

    #[test]
    fn the_oldest_go_first_and_the_floor_rises_above_them() {
        let mut ledger = RecentLedger::new(Xid(0), 2);
        for row in [row(1, 1, 10), row(2, 1, 11), row(3, 1, 12)] {
            assert!(ledger.enter(row));
        }
        ledger.polled(Xid(20));
        assert_eq!(ledger.raise_floor(), Some(Xid(11)));
        assert_eq!(ledger.forget(), vec![row(1, 1, 10)]);
        assert_eq!((ledger.len(), ledger.floor()), (2, Xid(11)));
        assert_eq!(ledger.raise_floor(), None);
    }

    #[test]
    fn nothing_at_or_above_the_polled_horizon_is_forgotten() {
        let mut ledger = RecentLedger::new(Xid(5), 1);
        for row in [row(1, 1, 10), row(2, 1, 11), row(3, 1, 12)] {
            ledger.enter(row);
        }
        ledger.polled(Xid(11));
        assert_eq!(ledger.raise_floor(), Some(Xid(11)));
        assert_eq!(ledger.forget(), vec![row(1, 1, 10)]);
        assert_eq!(ledger.raise_floor(), None);
        assert_eq!(ledger.len(), 2);
    }

    #[test]
    fn a_record_of_the_greatest_id_does_not_hold_up_the_rest() {
        let mut ledger = RecentLedger::new(Xid(0), 1);
        ledger.polled(Xid(20));
        ledger.enter(row(1, 1, u64::MAX));
        ledger.enter(row(2, 1, u64::MAX));
        assert_eq!(ledger.raise_floor(), Some(Xid(20)));
        assert_eq!(ledger.forget(), vec![]);
        ledger.enter(row(3, 1, 25));
        ledger.polled(Xid(30));
        assert_eq!(ledger.raise_floor(), Some(Xid(30)));
        assert_eq!(ledger.forget(), vec![row(3, 1, 25)]);
    }

    #[test]
    fn of_one_thing_only_the_newest_change_is_kept() {
        let mut ledger = RecentLedger::new(Xid(0), 10);
        assert!(ledger.enter(row(1, 2, 11)));
        assert!(!ledger.enter(row(1, 1, 10)));
        assert!(ledger.enter(row(1, 3, 12)));
        assert_eq!(ledger.len(), 1);
    }

    proptest! {
        /// Whatever comes in whatever order: what is at or above the floor is remembered in its
        /// newest version, the floor never falls and never passes the polled horizon, and as much is
        /// forgotten as the horizon allows.
        #[test]
        fn what_is_at_or_above_the_floor_is_remembered(
            polls in vec((vec((0_u128..8, 0_u64..40), 0..6), 0_u64..40), 1..20),
            limit in 1_usize..6,
        ) {
            let mut ledger = RecentLedger::new(Xid(0), limit);
            let mut newest = HashMap::new();
            for (rows, horizon) in polls {
                for (id, xid) in rows {
                    // One thing's versions rise with its transactions.
                    let row = row(id, xid + 1, xid);
                    ledger.enter(row);
                    let known = newest.entry(row.key).or_insert(row);
                    *known = if row.xid > known.xid { row } else { *known };
                }
                ledger.polled(Xid(horizon));
                let before = ledger.floor();
                ledger.raise_floor();
                prop_assert!(ledger.floor() >= before && ledger.floor() <= ledger.polled);
                let kept = |row: &&Row| row.xid >= ledger.floor();
                let expected: BTreeMap<_, _> = newest
                    .values()
                    .filter(kept)
                    .map(|row| ((row.xid, row.key), row.version))
                    .collect();
                ledger.forget();
                let floor = ledger.floor();
                newest.retain(|_, row| row.xid >= floor);
                prop_assert_eq!(&ledger.by_xid, &expected);
                let loose = ledger.by_xid.keys().filter(|(xid, _)| *xid < ledger.polled).count();
                prop_assert!(ledger.len() <= limit || loose == 0);
            }
        }
    }
}
