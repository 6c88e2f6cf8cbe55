//! The table `idempotency_key`.

use std::time::Duration;

use serde_json::Value;

use super::transaction::Parameters;
use super::{Store, StoreError, Transaction};

/// Whose key, and for what.
#[derive(Debug, Clone, Copy)]
pub struct KeyRow<'a> {
    /// `actor`
    pub actor: &'a str,
    /// `route`
    pub route: &'a str,
    /// `key`
    pub key: &'a str,
}

/// The answer that a key stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerRow {
    /// `request_hash`
    pub request_hash: Vec<u8>,
    /// `status`
    pub status: i16,
    /// `etag`
    pub etag: Option<String>,
    /// `body`
    pub body: Option<Value>,
}

/// What stands in the row until the answer is known; nobody sees it, because key and answer are
/// committed together.
const PROCESSING: i16 = 102;
const CLEAR: &str = "
    DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM idempotency_key
        WHERE created_at < now() - make_interval(secs => $1)
        ORDER BY created_at LIMIT $2
        FOR UPDATE SKIP LOCKED))";
/// As many expired keys a creation clears away at most.
const CLEARED_AT_ONCE: i64 = 100;

/// Forgets some keys older than `ttl`.
pub async fn clear(tx: &Transaction, ttl: Duration) -> Result<(), StoreError> {
    tx.execute(CLEAR, &[&ttl.as_secs_f64(), &CLEARED_AT_ONCE]).await.map(drop)
}

impl Store {
    /// Removes keys older than `ttl`; how many.
    pub async fn remove_answers(&self, ttl: Duration, limit: i64) -> Result<u64, StoreError> {
        let client = self.pool().get().await?;
        let prepared = client.prepare_cached(CLEAR).await?;
        Ok(client.execute(&prepared, &[&ttl.as_secs_f64(), &limit]).await?)
    }
}

/// Claims the key; waits while another transaction holds it. Whether it was free, or older than
/// `ttl`.
pub async fn claim(
    tx: &Transaction,
    row: KeyRow<'_>,
    request_hash: &[u8],
    ttl: Duration,
) -> Result<bool, StoreError> {
    let statement = "
        INSERT INTO idempotency_key AS k (actor, route, key, request_hash, status)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (actor, route, key) DO UPDATE
            SET request_hash = excluded.request_hash, status = excluded.status,
                etag = NULL, body = NULL, created_at = now()
            WHERE k.created_at < now() - make_interval(secs => $6)";
    let seconds = ttl.as_secs_f64();
    let parameters: Parameters<'_> =
        &[&row.actor, &row.route, &row.key, &request_hash, &PROCESSING, &seconds];
    Ok(tx.execute(statement, parameters).await? > 0)
}

/// The answer that the key stands for.
pub async fn find(tx: &Transaction, row: KeyRow<'_>) -> Result<Option<AnswerRow>, StoreError> {
    let statement = "
        SELECT request_hash, status, etag, body FROM idempotency_key
        WHERE actor = $1 AND route = $2 AND key = $3";
    let found = tx.row(statement, &[&row.actor, &row.route, &row.key]).await?;
    Ok(found.map(|row| AnswerRow {
        request_hash: row.get("request_hash"),
        status: row.get("status"),
        etag: row.get("etag"),
        body: row.get("body"),
    }))
}

/// Keeps the answer that a claimed key stands for.
pub async fn keep(
    tx: &Transaction,
    row: KeyRow<'_>,
    status: i16,
    etag: Option<&str>,
    body: &Value,
) -> Result<(), StoreError> {
    let statement = "
        UPDATE idempotency_key SET status = $4, etag = $5, body = $6
        WHERE actor = $1 AND route = $2 AND key = $3";
    let parameters: Parameters<'_> = &[&row.actor, &row.route, &row.key, &status, &etag, body];
    tx.execute(statement, parameters).await.map(drop)
}
