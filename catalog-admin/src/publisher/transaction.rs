//! What one transaction changed.

use std::collections::HashMap;

use catalog_core::key::EntityKey;
use jiff::Timestamp;
use service_kit::telemetry::Traceparent;

use super::change::Change;

/// How many changes of a transaction wait for its end. Until then its trace context may still
/// come, and a row may still change again; a greater transaction does not wait.
const HELD: usize = 1_024;

/// A transaction that is being read from the log.
#[derive(Debug)]
pub(super) struct Transaction {
    /// When it was committed, by the primary's clock.
    pub(super) committed_at: Timestamp,
    /// The trace context that its writer left in it.
    pub(super) traceparent: Option<Traceparent>,
    held: Vec<Change>,
    places: HashMap<EntityKey, usize>,
}

impl Transaction {
    /// One that has just begun.
    pub(super) fn new(committed_at: Timestamp) -> Self {
        Self { committed_at, traceparent: None, held: Vec::new(), places: HashMap::new() }
    }

    /// Takes a change; gives back what is to be published before the end.
    pub(super) fn take(&mut self, change: Change) -> Vec<Change> {
        if let Some(&place) = self.places.get(&change.entity) {
            self.held[place] = change;
            return Vec::new();
        }
        self.places.insert(change.entity, self.held.len());
        self.held.push(change);
        if self.held.len() < HELD { Vec::new() } else { self.rest() }
    }

    /// What has not been given back yet.
    pub(super) fn rest(&mut self) -> Vec<Change> {
        self.places.clear();
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use catalog_core::freshness::{Version, Xid};
    use uuid::Uuid;

    use super::*;

    fn change(id: usize, deleted: bool) -> Change {
        Change {
            entity: EntityKey::product(Uuid::from_u128(id as u128)),
            version: Version(1),
            deleted,
            xid: Xid(5),
        }
    }

    #[test]
    fn a_row_that_changes_again_counts_once_and_as_it_ends() {
        let mut transaction = Transaction::new(Timestamp::UNIX_EPOCH);
        for (id, deleted) in [(1, false), (2, false), (1, true)] {
            assert_eq!(transaction.take(change(id, deleted)), []);
        }
        assert_eq!(transaction.rest(), [change(1, true), change(2, false)]);
        assert_eq!(transaction.rest(), []);
    }

    #[test]
    fn a_great_one_is_given_back_in_pieces() {
        let mut transaction = Transaction::new(Timestamp::UNIX_EPOCH);
        let given: usize =
            (0..HELD * 2 + 3).map(|id| transaction.take(change(id, false)).len()).sum();
        assert_eq!((given, transaction.rest().len()), (HELD * 2, 3));
    }
}
