//! One change: what a version row says after a transaction.

use catalog_core::{
    contract::change::ChangeRecord,
    freshness::{Epoch, Version, Xid},
    key::{EntityKey, Kind},
};
use uuid::Uuid;

use crate::store::publisher_rows::VersionRow;

/// What a version row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) entity: EntityKey,
    pub(super) version: Version,
    pub(super) deleted: bool,
    pub(super) xid: Xid,
}

/// A version row that this release cannot read, such as one of a kind that a later one added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {column} of a version row cannot be read: `{value}`")]
pub(super) struct UnreadableRow {
    column: &'static str,
    value: String,
}

impl Change {
    /// From the texts that the log holds.
    pub(super) fn from_texts(
        [kind, id, version, deleted, xid]: [&str; 5],
    ) -> Result<Self, UnreadableRow> {
        Ok(Self {
            entity: EntityKey { kind: readable("kind", kind)?, id: readable::<Uuid>("id", id)? },
            version: readable("version", version)?,
            deleted: deleted == "t",
            xid: readable("xid", xid)?,
        })
    }

    /// As it is published in `epoch`.
    pub(super) const fn record(&self, epoch: Epoch) -> ChangeRecord {
        ChangeRecord {
            epoch,
            kind: self.entity.kind,
            id: self.entity.id,
            version: self.version,
            deleted: self.deleted,
            xid: self.xid,
        }
    }
}

impl TryFrom<&VersionRow> for Change {
    type Error = UnreadableRow;

    fn try_from(row: &VersionRow) -> Result<Self, UnreadableRow> {
        Ok(Self {
            entity: EntityKey { kind: readable::<Kind>("kind", &row.kind)?, id: row.id },
            version: Version(row.version.cast_unsigned()),
            deleted: row.deleted,
            xid: readable("xid", &row.xid)?,
        })
    }
}

fn readable<T: std::str::FromStr>(column: &'static str, value: &str) -> Result<T, UnreadableRow> {
    value.parse().map_err(|_| UnreadableRow { column, value: value.to_owned() })
}
