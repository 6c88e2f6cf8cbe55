//! The beat, and the epochs that it begins.

use catalog_core::{
    contract::change::EPOCH_MESSAGE,
    freshness::{Beat, Epoch},
};
use tokio_postgres::{Error, Transaction};

/// The advisory lock of whoever beats, in each database: "vitrina" in ASCII.
const LOCK: i64 = 0x0076_6974_7269_6e61;

/// The history row, and whether the incarnation row vouches for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryRow {
    /// The epoch.
    pub epoch: Epoch,
    /// The beat.
    pub beat: Beat,
    /// Whether there is an incarnation row of this epoch and of this very server.
    pub valid: bool,
}

/// Lets the transaction's commit wait for no standby.
pub async fn commit_locally(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction.batch_execute("SET LOCAL synchronous_commit = local").await
}

/// Takes the lock of whoever beats until the transaction ends, unless somebody else has it.
pub async fn try_lock(transaction: &Transaction<'_>) -> Result<bool, Error> {
    let row = transaction.query_one("SELECT pg_try_advisory_xact_lock($1)", &[&LOCK]).await?;
    row.try_get(0)
}

/// Waits for the lock of whoever beats, and takes it until the transaction ends.
pub async fn lock(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction.query_one("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await.map(drop)
}

/// Reads the history row, in a snapshot of its own, so after whatever the lock waited for.
pub async fn history(transaction: &Transaction<'_>) -> Result<HistoryRow, Error> {
    const SQL: &str = "
        SELECT h.epoch, h.beat, EXISTS (
            SELECT FROM incarnation i, pg_control_system() c
            WHERE i.epoch = h.epoch AND i.system_identifier = c.system_identifier
        )
        FROM history h";
    let row = transaction.query_one(SQL, &[]).await?;
    Ok(HistoryRow {
        epoch: Epoch(row.try_get::<_, i64>(0)?.cast_unsigned()),
        beat: Beat(row.try_get::<_, i64>(1)?.cast_unsigned()),
        valid: row.try_get(2)?,
    })
}

/// Adds one to the beat.
pub async fn raise_beat(transaction: &Transaction<'_>) -> Result<Beat, Error> {
    let row =
        transaction.query_one("UPDATE history SET beat = beat + 1 RETURNING beat", &[]).await?;
    Ok(Beat(row.try_get::<_, i64>(0)?.cast_unsigned()))
}

/// Lets the transaction's statements take `limit_ms` milliseconds each.
pub async fn limit_statements(transaction: &Transaction<'_>, limit_ms: u128) -> Result<(), Error> {
    transaction.batch_execute(&format!("SET LOCAL statement_timeout = {limit_ms}")).await
}

/// Begins `epoch`: says so in the log, writes both rows, and gives rows that bear an id which this
/// cluster has not given out yet the id 0. Returns how many those were.
pub async fn begin(transaction: &Transaction<'_>, epoch: Epoch) -> Result<u64, Error> {
    const INCARNATION: &str = "
        INSERT INTO incarnation (epoch, system_identifier)
        SELECT $1, system_identifier FROM pg_control_system()
        ON CONFLICT (only_row) DO UPDATE
        SET epoch = excluded.epoch, system_identifier = excluded.system_identifier";
    const FOREIGN_IDS: &str = "
        UPDATE version SET xid = '0' WHERE xid >= pg_current_xact_id()";
    let epoch = epoch.0.cast_signed();
    // First, so that a reader of the log knows the epoch of what this transaction writes.
    transaction
        .query_one(
            "SELECT pg_logical_emit_message(true, $1, $2::bigint::text)",
            &[&EPOCH_MESSAGE, &epoch],
        )
        .await?;
    transaction.execute("UPDATE history SET epoch = $1", &[&epoch]).await?;
    transaction.execute(INCARNATION, &[&epoch]).await?;
    transaction.execute(FOREIGN_IDS, &[]).await
}
