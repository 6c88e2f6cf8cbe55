//! What a statement shows of the history that it was read in.

use catalog_core::freshness::{Beat, Epoch, Xid};
use tokio_postgres::Row;

use super::{Place, StoreError, row::unsigned, xid::SqlXid};

/// What a statement shows of the history that it was read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Of the history row.
    pub epoch: Epoch,
    /// Of the history row.
    pub beat: Beat,
    /// Of the statement's snapshot.
    pub horizon: Xid,
    /// Of the statement's snapshot: no transaction at or above it had ended.
    pub end: Xid,
    /// Whether the primary's incarnation row was valid in the same statement. Replicas may not read
    /// that row and always count.
    pub counts: bool,
}

/// The columns that [`Shown::read`] reads, for a statement that has `history` as `h`. STABLE
/// functions only, so that everything is of one snapshot.
pub const fn columns(place: Place) -> &'static str {
    match place {
        Place::Replica => {
            "h.epoch, h.beat, pg_snapshot_xmin(pg_current_snapshot()) AS horizon, \
             pg_snapshot_xmax(pg_current_snapshot()) AS snapshot_end, true AS counts"
        }
        Place::Primary => {
            "h.epoch, h.beat, pg_snapshot_xmin(pg_current_snapshot()) AS horizon, \
             pg_snapshot_xmax(pg_current_snapshot()) AS snapshot_end, \
             EXISTS (SELECT FROM incarnation i, pg_control_system() s \
                     WHERE i.epoch = h.epoch AND i.system_identifier = s.system_identifier) AS counts"
        }
    }
}

impl Shown {
    /// Reads the columns.
    pub fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            epoch: Epoch(unsigned(row, "epoch")?),
            beat: Beat(unsigned(row, "beat")?),
            horizon: row.try_get::<_, SqlXid>("horizon")?.0,
            end: row.try_get::<_, SqlXid>("snapshot_end")?.0,
            counts: row.try_get("counts")?,
        })
    }
}
