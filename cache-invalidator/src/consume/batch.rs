//! Many records as one piece of work.

use std::collections::HashMap;

use catalog_core::{contract::change::ChangeRecord, key::EntityKey};
use service_kit::telemetry::FollowedSpan;

use super::{Content, Poison, Received};

/// What a batch of records asks for: of one entity only the greatest position matters.
#[derive(Debug, Default)]
pub struct Batch {
    changes: HashMap<EntityKey, ChangeRecord>,
    poison: Vec<Poison>,
    records: Records,
}

/// The records of a batch.
#[derive(Debug, Default)]
pub struct Records {
    /// The last offset taken from each partition.
    pub offsets: HashMap<i32, i64>,
    /// When those were written of which that is known.
    pub written: Vec<i64>,
    /// End with it.
    pub spans: Vec<FollowedSpan>,
}

impl Batch {
    /// Adds a record.
    pub fn add(&mut self, received: Received) {
        self.records.offsets.insert(received.partition, received.offset);
        self.records.written.extend(received.written);
        self.records.spans.extend(received.span);
        match received.content {
            Content::Change(change) => {
                let greatest = self.changes.entry(change.entity()).or_insert(change);
                if (change.epoch, change.version) > (greatest.epoch, greatest.version) {
                    *greatest = change;
                }
            }
            Content::Resync => {}
            Content::Poison(poison) => self.poison.push(*poison),
        }
    }

    /// Splits it into the changes, the unreadable records, and what is known of all its records.
    pub fn into_parts(self) -> (Vec<ChangeRecord>, Vec<Poison>, Records) {
        (self.changes.into_values().collect(), self.poison, self.records)
    }
}

#[cfg(test)]
mod tests {
    use catalog_core::{
        freshness::{Epoch, Version, Xid},
        key::Kind,
    };
    use uuid::Uuid;

    use super::*;

    fn change(offset: i64, epoch: u64, version: u64) -> Received {
        let record = ChangeRecord {
            epoch: Epoch(epoch),
            kind: Kind::Product,
            id: Uuid::from_u128(1),
            version: Version(version),
            deleted: false,
            xid: Xid(1),
        };
        let content = Content::Change(record);
        Received { partition: 3, offset, written: None, span: None, content }
    }

    #[test]
    fn of_one_entity_the_greatest_epoch_and_version_counts() {
        let mut batch = Batch::default();
        for received in [change(1, 5, 9), change(2, 6, 1), change(3, 5, 10)] {
            batch.add(received);
        }
        let (changes, poison, records) = batch.into_parts();
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].epoch, changes[0].version), (Epoch(6), Version(1)));
        assert!(poison.is_empty());
        assert_eq!(records.offsets, HashMap::from([(3, 3)]));
    }
}
