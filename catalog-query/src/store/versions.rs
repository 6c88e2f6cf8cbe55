//! The poll and the first fill: which versions have changed.

use catalog_core::{
    freshness::{Beat, Epoch, Row, Snapshot, Unseen, Version, Xid},
    key::EntityKey,
};
use futures::{StreamExt as _, pin_mut};
use tokio_postgres::{Config, Statement};
use uuid::Uuid;

use super::{StoreError, row::unsigned, session::Session, xid::SqlXid};

/// Which rows a poll asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Those at or above the horizon of the poll's own snapshot: the first of an epoch.
    Beginning,
    /// Those that earlier polls of the epoch have not seen.
    Unseen(Unseen),
}

/// What the primary said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Of the history row.
    pub epoch: Epoch,
    /// Of the history row.
    pub beat: Beat,
    /// Whether the incarnation row, read in the same statement, equals the history row's epoch and
    /// the server's own identifier. If not, nothing else in the answer means anything.
    pub counts: bool,
    /// Of the statement.
    pub snapshot: Snapshot,
    /// The rows asked for.
    pub rows: Vec<Row>,
}

/// What a replica knew when this process started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    /// Of the history row.
    pub epoch: Epoch,
    /// Of the statement's snapshot. Not the snapshot itself: on a standby its list of transactions
    /// in progress is empty whatever is in progress, so only what is below the horizon is certain.
    pub horizon: Xid,
    /// Every row at or above it has been taken.
    pub floor: Xid,
    /// The rows.
    pub rows: Vec<Row>,
}

// `pg_control_system()` is VOLATILE by declaration, but reads a file and not a table, so it does
// not matter that it would look with a newer snapshot.
const POLL: &str = "
SELECT h.epoch, h.beat, pg_current_snapshot()::text AS snapshot,
       coalesce(i.epoch = h.epoch AND i.system_identifier = s.system_identifier, false) AS counts,
       v.kind::text, v.id, v.version, v.xid
FROM history h
CROSS JOIN pg_control_system() s
LEFT JOIN incarnation i ON true
LEFT JOIN (SELECT kind, id, version, xid FROM version WHERE ";
const BEGINNING: &str = "xid >= pg_snapshot_xmin(pg_current_snapshot())) v ON true";
const UNSEEN: &str = "xid >= $1 OR xid = ANY ($2)) v ON true";

/// The index on xid answers every poll; a plan made for a table that was small or quiet must not
/// scan it.
const POLL_OPTIONS: [(&str, &str); 2] =
    [("enable_seqscan", "off"), ("plan_cache_mode", "force_custom_plan")];

/// The connection on which the primary is polled.
#[derive(Debug)]
pub struct Poll {
    session: Session,
    beginning: Statement,
    unseen: Statement,
}

impl Poll {
    /// Connects and prepares.
    pub async fn connect(primary: &Config) -> Result<Self, StoreError> {
        let session = Session::connect(primary, &POLL_OPTIONS).await?;
        let beginning = session.client().prepare(&format!("{POLL}{BEGINNING}")).await?;
        let unseen = session.client().prepare(&format!("{POLL}{UNSEEN}")).await?;
        Ok(Self { session, beginning, unseen })
    }

    /// Asks once, in one statement.
    pub async fn ask(&self, ask: &Ask) -> Result<Answer, StoreError> {
        let client = self.session.client();
        let rows = match ask {
            Ask::Beginning => client.query(&self.beginning, &[]).await?,
            Ask::Unseen(unseen) => {
                let also: Vec<_> = unseen.also.iter().copied().map(SqlXid).collect();
                client.query(&self.unseen, &[&SqlXid(unseen.from), &also]).await?
            }
        };
        answer(&rows)
    }
}

fn answer(rows: &[tokio_postgres::Row]) -> Result<Answer, StoreError> {
    let first = rows.first().ok_or(StoreError::NoHistory)?;
    Ok(Answer {
        epoch: Epoch(unsigned(first, "epoch")?),
        beat: Beat(unsigned(first, "beat")?),
        counts: first.try_get("counts")?,
        snapshot: snapshot(first)?,
        rows: rows
            .iter()
            .filter_map(|row| version_row(row).transpose())
            .collect::<Result<_, _>>()?,
    })
}

const FIRST_FILL: &str = "
SELECT h.epoch, pg_current_snapshot()::text AS snapshot, v.kind::text, v.id, v.version, v.xid
FROM history h
LEFT JOIN (SELECT kind, id, version, xid FROM version ORDER BY xid DESC LIMIT $1) v ON true";

/// Takes the newest version rows from a replica, as many as `limit` allows. `None` when its rows
/// are not of its own history.
pub async fn first_fill(replica: &Config, limit: usize) -> Result<Option<Fill>, StoreError> {
    let session = Session::connect(replica, &[]).await?;
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let stream = session.client().query_raw(FIRST_FILL, [most]).await?;
    pin_mut!(stream);
    let mut rows = Vec::new();
    let mut shown = None;
    while let Some(row) = stream.next().await.transpose()? {
        if shown.is_none() {
            shown = Some((Epoch(unsigned(&row, "epoch")?), snapshot(&row)?));
        }
        rows.extend(version_row(&row)?);
    }
    let (epoch, snapshot) = shown.ok_or(StoreError::NoHistory)?;
    if rows.iter().any(|row| row.xid >= snapshot.end()) {
        return Ok(None);
    }
    let floor = floor_of(&rows, limit);
    rows.retain(|row| row.xid >= floor);
    Ok(Some(Fill { epoch, horizon: snapshot.horizon(), floor, rows }))
}

/// Below the limit they are all there are. At the limit, others of the oldest one's transaction may
/// have been left out.
fn floor_of(rows: &[Row], limit: usize) -> Xid {
    let least = rows.iter().map(|row| row.xid).min().filter(|_| rows.len() >= limit);
    least.map_or(Xid(0), |xid| Xid(xid.0 + 1))
}

fn snapshot(row: &tokio_postgres::Row) -> Result<Snapshot, StoreError> {
    Ok(row.try_get::<_, &str>("snapshot")?.parse()?)
}

/// A joined version row; `None` where the join found none.
fn version_row(row: &tokio_postgres::Row) -> Result<Option<Row>, StoreError> {
    let Some(kind) = row.try_get::<_, Option<&str>>("kind")? else { return Ok(None) };
    let key = EntityKey { kind: kind.parse()?, id: row.try_get::<_, Uuid>("id")? };
    Ok(Some(Row {
        key,
        version: Version(unsigned(row, "version")?),
        xid: row.try_get::<_, SqlXid>("xid")?.0,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: u128, xid: u64) -> Row {
        Row { key: EntityKey::product(Uuid::from_u128(id)), version: Version(1), xid: Xid(xid) }
    }

    #[test]
    fn the_floor_is_zero_only_when_everything_was_taken() {
        let rows = [row(1, 12), row(2, 11), row(3, 11)];
        assert_eq!(floor_of(&rows, 4), Xid(0));
        assert_eq!(floor_of(&rows, 3), Xid(12));
        assert_eq!(floor_of(&[], 3), Xid(0));
    }
}
