//! `catalog.changes.v1`: one record per changed version row, in commit order per key.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    freshness::{Epoch, Row, Version, Xid},
    key::{EntityKey, Kind},
};

/// The topic's name, behind the installation's prefix.
pub const TOPIC: &str = "catalog.changes.v1";
/// Where records go that the invalidator cannot read or apply, behind the installation's prefix.
pub const PARKED_TOPIC: &str = "catalog.changes.parked.v1";
/// The `ce_type` of a [`ChangeRecord`].
pub const CHANGED: &str = "vitrina.catalog.version.changed.v1";
/// The `ce_type` of a [`ResyncRecord`].
pub const RESYNC_STARTED: &str = "vitrina.catalog.resync.started.v1";
/// The key of every [`ResyncRecord`].
pub const RESYNC_KEY: &str = "resync";
/// The prefix of the logical message that carries a writer's trace context through the log.
pub const TRACEPARENT_MESSAGE: &str = "vitrina.traceparent";
/// The prefix of the logical message by which the transaction that begins an epoch says so in the
/// log; its content is the epoch in decimal text.
pub const EPOCH_MESSAGE: &str = "vitrina.epoch";

/// Names of record headers: `CloudEvents` 1.0 in Kafka's binary mode, and W3C trace context.
pub mod header {
    /// Always `1.0`.
    pub const SPEC_VERSION: &str = "ce_specversion";
    /// Unique per change: epoch, kind, id and version.
    pub const ID: &str = "ce_id";
    /// What the record says.
    pub const TYPE: &str = "ce_type";
    /// Who says it.
    pub const SOURCE: &str = "ce_source";
    /// When it was published, RFC 3339.
    pub const TIME: &str = "ce_time";
    /// The value's media type.
    pub const CONTENT_TYPE: &str = "content-type";
    /// The writer's trace context.
    pub const TRACEPARENT: &str = "traceparent";
    /// Of a parked record: why.
    pub const PARKED_REASON: &str = "vitrina_parked_reason";
}

/// That something has changed to a version. Keyed by `kind:id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRecord {
    /// The epoch in which it was published.
    pub epoch: Epoch,
    /// What kind of thing.
    pub kind: Kind,
    /// Which one.
    pub id: Uuid,
    /// The version that it now has.
    pub version: Version,
    /// Whether it has been deleted.
    pub deleted: bool,
    /// The transaction that changed it, in decimal text: greater than a JSON number holds safely.
    #[serde(with = "decimal_text")]
    pub xid: Xid,
}

impl ChangeRecord {
    /// What changed.
    pub const fn entity(&self) -> EntityKey {
        EntityKey { kind: self.kind, id: self.id }
    }

    /// The record's key.
    pub fn key(&self) -> String {
        self.entity().to_string()
    }

    /// The record's `ce_id`.
    pub fn event_id(&self) -> String {
        format!("{}-{}-{}-{}", self.epoch, self.kind, self.id, self.version)
    }

    /// The row that it tells of.
    pub const fn row(&self) -> Row {
        Row { key: self.entity(), version: self.version, xid: self.xid }
    }
}

/// That every row is about to be published again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResyncRecord {
    /// The epoch in which that happens.
    pub epoch: Epoch,
    /// Why.
    pub reason: ResyncReason,
}

/// Why every row is published again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResyncReason {
    /// A new epoch has begun.
    NewEpoch,
    /// The replication slot was new or had been lost, so changes may have passed unseen.
    LostSlot,
}

mod decimal_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::freshness::Xid;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(super) fn serialize<S: Serializer>(xid: &Xid, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(xid)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Xid, D::Error> {
        String::deserialize(input)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_its_published_form() {
        let record = ChangeRecord {
            epoch: Epoch(3),
            kind: Kind::Product,
            id: Uuid::from_u128(1),
            version: Version(7),
            deleted: false,
            xid: Xid(18_014_398_509_481_985),
        };
        let json = serde_json::to_string(&record).unwrap();
        assert_eq!(
            json,
            r#"{"epoch":3,"kind":"product","id":"00000000-0000-0000-0000-000000000001","version":7,"deleted":false,"xid":"18014398509481985"}"#
        );
        assert_eq!(serde_json::from_str::<ChangeRecord>(&json).unwrap(), record);
        assert_eq!(record.key(), "product:00000000-0000-0000-0000-000000000001");
    }
}
