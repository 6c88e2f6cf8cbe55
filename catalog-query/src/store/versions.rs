//! The poll and the first fill: which versions have changed.

use std::{pin::Pin, time::Duration};

use catalog_core::{
    freshness::{Answer, Ask, Beat, Epoch, Fill, Row, Snapshot, Version, Xid},
    key::EntityKey,
};
use futures::StreamExt as _;
use tokio::time::timeout;
use tokio_postgres::{Config, RowStream, Statement};
use uuid::Uuid;

use crate::metrics::unknown_version_row;

use super::{StoreError, row::unsigned, session::Session, xid::SqlXid};

/// No poll may take longer on the server. Usually its asker is far less patient.
pub const LONGEST_POLL: Duration = Duration::from_secs(30);
/// Nor the first fill, on which the first poll waits.
pub const LONGEST_FILL: Duration = Duration::from_secs(8);

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

/// How soon the server notices that nobody waits for a statement any longer. Then it ends it, so that
/// a question that was given up does not run on beside the next.
const ABANDONED: (&str, &str) = ("client_connection_check_interval", "250");

/// Connects for statements that may take so long, whatever limit the settings give to others.
async fn connect(
    config: &Config,
    options: &[(&str, &str)],
    longest: Duration,
) -> Result<Session, StoreError> {
    let longest = longest.as_millis().to_string();
    let own = [ABANDONED, ("statement_timeout", &longest)];
    Session::connect(config, &[options, &own].concat()).await
}

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
        let session = connect(primary, &POLL_OPTIONS, LONGEST_POLL).await?;
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

/// A first fill that has begun: the newest version rows of a replica, up to a limit.
pub struct Filling {
    rows: Pin<Box<RowStream>>,
    first: tokio_postgres::Row,
    limit: usize,
    _session: Session,
}

impl Filling {
    /// Asks a replica, and waits for its first row.
    pub async fn begin(replica: &Config, limit: usize) -> Result<Self, StoreError> {
        let session = connect(replica, &[], LONGEST_FILL).await?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = Box::pin(session.client().query_raw(FIRST_FILL, [most]).await?);
        let first = rows.next().await.transpose()?.ok_or(StoreError::NoHistory)?;
        Ok(Self { rows, first, limit, _session: session })
    }

    /// Takes them all, unless the replica falls silent for so long. `None` when its rows are not of
    /// its own history.
    pub async fn complete(mut self, silence: Duration) -> Result<Option<Fill>, StoreError> {
        let (epoch, snapshot) = (Epoch(unsigned(&self.first, "epoch")?), snapshot(&self.first)?);
        let (mut taken, mut rows) = (Taken::default(), Vec::new());
        let mut next = Some(self.first);
        while let Some(row) = next {
            taken.add(row.try_get::<_, Option<SqlXid>>("xid")?);
            rows.extend(version_row(&row)?);
            let waited = timeout(silence, self.rows.next()).await;
            next = waited.map_err(|_| StoreError::Timeout)?.transpose()?;
        }
        if rows.iter().any(|row| row.xid >= snapshot.end()) {
            return Ok(None);
        }
        let floor = taken.floor(self.limit);
        rows.retain(|row| row.xid >= floor);
        Ok(Some(Fill { epoch, horizon: snapshot.horizon(), floor, rows }))
    }
}

/// How far back a fill reaches, by all its rows, also those of kinds that this release leaves out.
#[derive(Debug, Default)]
struct Taken {
    count: usize,
    least: Option<Xid>,
}

impl Taken {
    fn add(&mut self, xid: Option<SqlXid>) {
        if let Some(SqlXid(xid)) = xid {
            self.count += 1;
            self.least = Some(self.least.map_or(xid, |least| least.min(xid)));
        }
    }

    /// Below the limit they are all there are. At the limit, others of the oldest one's transaction
    /// may have been left out.
    fn floor(&self, limit: usize) -> Xid {
        self.least.filter(|_| self.count >= limit).map_or(Xid(0), |xid| Xid(xid.0 + 1))
    }
}

fn snapshot(row: &tokio_postgres::Row) -> Result<Snapshot, StoreError> {
    Ok(row.try_get::<_, &str>("snapshot")?.parse()?)
}

/// A joined version row; `None` where the join found none, and for a kind of a later release. Nothing
/// that this release renders has a part of such a kind, so no proof of this pod looks it up: without
/// the row the pod knows all that it has to. With an error instead, every pod of this release would
/// be unable to prove anything as soon as the later one has written its first row.
fn version_row(row: &tokio_postgres::Row) -> Result<Option<Row>, StoreError> {
    let Some(kind) = row.try_get::<_, Option<&str>>("kind")? else { return Ok(None) };
    let Ok(kind) = kind.parse() else {
        unknown_version_row();
        return Ok(None);
    };
    Ok(Some(Row {
        key: EntityKey { kind, id: row.try_get::<_, Uuid>("id")? },
        version: Version(unsigned(row, "version")?),
        xid: row.try_get::<_, SqlXid>("xid")?.0,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floor(xids: &[u64], limit: usize) -> Xid {
        let mut taken = Taken::default();
        for xid in xids {
            taken.add(Some(SqlXid(Xid(*xid))));
        }
        taken.add(None);
        taken.floor(limit)
    }

    #[test]
    fn the_floor_is_zero_only_when_everything_was_taken() {
        assert_eq!(floor(&[12, 11, 11], 4), Xid(0));
        assert_eq!(floor(&[12, 11, 11], 3), Xid(12));
        assert_eq!(floor(&[], 3), Xid(0));
    }
}
