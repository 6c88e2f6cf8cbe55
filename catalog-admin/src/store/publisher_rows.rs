//! Every version row, page by page, for publishing all of them again.

use tokio_postgres::{Client, Error, Row};
use uuid::Uuid;

/// A version row as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// The kind's name.
    pub kind: String,
    /// Which one.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// Whether it has been deleted.
    pub deleted: bool,
    /// The transaction that raised it, in decimal text.
    pub xid: String,
}

/// Up to `limit` rows in the order of their keys, from behind `after`.
pub async fn page(
    client: &Client,
    after: Option<&VersionRow>,
    limit: i64,
) -> Result<Vec<VersionRow>, Error> {
    let rows = match after {
        None => {
            const SQL: &str = "
                SELECT kind::text, id, version, deleted, xid::text FROM version
                ORDER BY version.kind, id LIMIT $1";
            client.query(SQL, &[&limit]).await?
        }
        Some(last) => {
            const SQL: &str = "
                SELECT kind::text, id, version, deleted, xid::text FROM version
                WHERE (kind, id) > ($2::text::version_kind, $3)
                ORDER BY version.kind, id LIMIT $1";
            client.query(SQL, &[&limit, &last.kind, &last.id]).await?
        }
    };
    rows.iter().map(version_row).collect()
}

/// Up to `limit` of the rows raised by transactions within the bounds, from behind `after`. In the
/// order of transactions, so that no plan is worth a thought but one that reads these rows alone.
pub async fn raised_page(
    client: &Client,
    bounds: &IdBounds,
    after: Option<&VersionRow>,
    limit: i64,
) -> Result<Vec<VersionRow>, Error> {
    let IdBounds { horizon, next } = bounds;
    let rows = match after {
        None => {
            const SQL: &str = "
                SELECT kind::text, id, version, deleted, xid::text FROM version
                WHERE xid >= $1::text::xid8 AND xid < $2::text::xid8
                ORDER BY version.xid, version.kind, id LIMIT $3";
            client.query(SQL, &[horizon, next, &limit]).await?
        }
        Some(last) => {
            const SQL: &str = "
                SELECT kind::text, id, version, deleted, xid::text FROM version
                WHERE (xid, kind, id) > ($3::text::xid8, $4::text::version_kind, $5)
                    AND xid < $1::text::xid8
                ORDER BY version.xid, version.kind, id LIMIT $2";
            let VersionRow { kind, id, xid, .. } = last;
            client.query(SQL, &[next, &limit, xid, kind, id]).await?
        }
    };
    rows.iter().map(version_row).collect()
}

fn version_row(row: &Row) -> Result<VersionRow, Error> {
    Ok(VersionRow {
        kind: row.try_get(0)?,
        id: row.try_get(1)?,
        version: row.try_get(2)?,
        deleted: row.try_get(3)?,
        xid: row.try_get(4)?,
    })
}

/// Two bounds on transaction ids at one moment, in decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdBounds {
    /// Every transaction below it has ended and can be seen.
    pub horizon: String,
    /// No transaction at or above it had begun.
    pub next: String,
}

/// The bounds now.
pub async fn id_bounds(client: &Client) -> Result<IdBounds, Error> {
    const SQL: &str = "
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text, pg_current_xact_id()::text";
    let row = client.query_one(SQL, &[]).await?;
    Ok(IdBounds { horizon: row.try_get(0)?, next: row.try_get(1)? })
}

/// Whether every transaction below `id` has ended and can be seen.
pub async fn horizon_has_reached(client: &Client, id: &str) -> Result<bool, Error> {
    const SQL: &str = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8";
    client.query_one(SQL, &[&id]).await?.try_get(0)
}
