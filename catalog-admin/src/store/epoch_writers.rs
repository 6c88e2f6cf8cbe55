//! Writing transactions that stay open: they hold the horizon back, so polls and proofs grow.

use std::time::Duration;

use tokio_postgres::{Client, Error};

/// The application name of the sessions that beat. A new epoch in a great catalog takes them long,
/// and nobody else could do it for them.
pub const BEAT_APPLICATION: &str = "catalog-admin beat";

/// The application name of migrations, which are one transaction each and may take minutes.
pub const MIGRATIONS_APPLICATION: &str = "vitrina-migrations";

/// One open writing transaction.
#[derive(Debug, Clone)]
pub struct WriterRow {
    /// The server process.
    pub pid: i32,
    /// The transaction's id, in decimal text.
    pub xid: String,
    /// The database that it writes to.
    pub database: String,
    /// Its role.
    pub role: String,
    /// What its program says it is.
    pub application: String,
    /// How long it has been open.
    pub age: Duration,
}

/// Open writing transactions in any database of the cluster, oldest first. Without `pg_monitor`
/// PostgreSQL tells a role only when its own transactions began.
pub async fn open_writers(client: &Client) -> Result<Vec<WriterRow>, Error> {
    const SQL: &str = "
        SELECT pid, backend_xid::text, coalesce(datname, ''), coalesce(usename, ''),
            coalesce(application_name, ''),
            greatest(0, extract(epoch FROM clock_timestamp() - xact_start))::float8
        FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND backend_xid IS NOT NULL
            AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
            AND application_name <> $1
        ORDER BY xact_start
        LIMIT 100";
    let rows = client.query(SQL, &[&BEAT_APPLICATION]).await?;
    rows.iter()
        .map(|row| {
            Ok(WriterRow {
                pid: row.try_get(0)?,
                xid: row.try_get(1)?,
                database: row.try_get(2)?,
                role: row.try_get(3)?,
                application: row.try_get(4)?,
                age: Duration::try_from_secs_f64(row.try_get(5)?).unwrap_or_default(),
            })
        })
        .collect()
}

/// Ends the session of that transaction, unless it has ended by itself. Says whether it was told.
pub async fn end_writer(client: &Client, writer: &WriterRow) -> Result<bool, Error> {
    const SQL: &str = "
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid = $1 AND backend_xid::text = $2";
    let row = client.query_opt(SQL, &[&writer.pid, &writer.xid]).await?;
    row.map_or(Ok(false), |row| row.try_get(0))
}
