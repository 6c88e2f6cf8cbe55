//! The change publisher's replication slot, and what is owed to its feed.

use catalog_core::freshness::Epoch;
use tokio_postgres::{Client, Error, Transaction};
use uuid::Uuid;

/// A replication slot as the server shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotRow {
    /// Whether it decodes this database with `pgoutput`.
    pub ours: bool,
    /// Whether somebody streams from it.
    pub active: bool,
    /// Whether the server has removed log that it needed.
    pub lost: bool,
    /// How much log the server keeps for it.
    pub lag_bytes: f64,
    /// How much more log may be written before it is lost; nothing when there is no limit.
    pub safe_bytes: Option<f64>,
}

/// The slot of that name, if there is one.
pub async fn slot(client: &Client, name: &str) -> Result<Option<SlotRow>, Error> {
    const SQL: &str = "
        SELECT coalesce(plugin = 'pgoutput' AND database = current_database(), false),
            active, coalesce(wal_status = 'lost', false),
            coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), 0)::float8,
            safe_wal_size::float8
        FROM pg_replication_slots WHERE slot_name = $1";
    let row = client.query_opt(SQL, &[&name]).await?;
    row.map(|row| {
        Ok(SlotRow {
            ours: row.try_get(0)?,
            active: row.try_get(1)?,
            lost: row.try_get(2)?,
            lag_bytes: row.try_get(3)?,
            safe_bytes: row.try_get(4)?,
        })
    })
    .transpose()
}

/// Makes the slot. Waits for every writing transaction of the cluster that is open now to end.
pub async fn create_slot(
    transaction: &Transaction<'_>,
    name: &str,
    limit_ms: u128,
) -> Result<(), Error> {
    const SQL: &str = "SELECT pg_create_logical_replication_slot($1, 'pgoutput')";
    transaction.batch_execute(&format!("SET LOCAL statement_timeout = {limit_ms}")).await?;
    transaction.query_one(SQL, &[&name]).await.map(drop)
}

/// Drops the slot.
pub async fn drop_slot(client: &Client, name: &str) -> Result<(), Error> {
    client.query_one("SELECT pg_drop_replication_slot($1)", &[&name]).await.map(drop)
}

/// What is known of the slot's feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedRow {
    /// The epoch since which it holds every row, if it does.
    pub epoch: Option<Epoch>,
    /// Another one each time that all rows are owed anew.
    pub generation: Uuid,
}

/// What is known of the slot's feed, if anything is.
pub async fn published(client: &Client, slot: &str) -> Result<Option<PublishedRow>, Error> {
    const SQL: &str = "SELECT epoch, generation FROM published WHERE slot = $1";
    let row = client.query_opt(SQL, &[&slot]).await?;
    row.map(|row| {
        let epoch: Option<i64> = row.try_get(0)?;
        Ok(PublishedRow {
            epoch: epoch.map(|epoch| Epoch(epoch.cast_unsigned())),
            generation: row.try_get(1)?,
        })
    })
    .transpose()
}

/// Says that the slot's feed holds every row as of `epoch`, unless all are owed anew since this
/// generation. Whether it was said.
pub async fn keep_published(
    client: &Client,
    slot: &str,
    generation: Uuid,
    epoch: Epoch,
) -> Result<bool, Error> {
    const SQL: &str = "UPDATE published SET epoch = $3 WHERE slot = $1 AND generation = $2";
    let kept = client.execute(SQL, &[&slot, &generation, &epoch.0.cast_signed()]).await?;
    Ok(kept > 0)
}

/// Says that every row is owed to the slot's feed; the new generation.
pub async fn forget_published(client: &Client, slot: &str) -> Result<Uuid, Error> {
    const SQL: &str = "
        INSERT INTO published (slot) VALUES ($1)
        ON CONFLICT (slot) DO UPDATE SET epoch = NULL, generation = excluded.generation
        RETURNING generation";
    client.query_one(SQL, &[&slot]).await?.try_get(0)
}
