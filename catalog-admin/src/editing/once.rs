//! Creations that are done once, however often they are asked for with the same key.

use std::time::Duration;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};
use crate::store::idempotency::{AnswerRow, KeyRow, claim, clear, find, keep};
use crate::store::{StoreError, Transaction};

/// A request that is to be done once.
#[derive(Debug, Clone)]
pub struct Once {
    /// What is asked for.
    route: &'static str,
    /// The caller's key for this request.
    key: String,
    /// The hash of the body, by which another request with the same key is known.
    request_hash: [u8; 32],
    /// How long the answer is kept.
    ttl: Duration,
}

impl Once {
    /// The request with this key and body to `route`.
    pub fn new(route: &'static str, key: String, body: &[u8], ttl: Duration) -> Self {
        Self { route, key, request_hash: Sha256::digest(body).into(), ttl }
    }

    fn row<'a>(&'a self, actor: &'a str) -> KeyRow<'a> {
        KeyRow { actor, route: self.route, key: &self.key }
    }

    /// The first answer, if there was one. `None`: the request is to be done in this transaction,
    /// which holds the key, so that others with it wait.
    pub(super) async fn begin(&self, tx: &Transaction, actor: &str) -> Result<Option<AnswerRow>> {
        let row = self.row(actor);
        clear(tx, self.ttl).await?;
        if claim(tx, row, &self.request_hash, self.ttl).await? {
            return Ok(None);
        }
        // Between the two statements another creation may have cleared it away.
        let vanished = || StoreError::Unavailable("an idempotency key vanished".into());
        let first = find(tx, row).await?.ok_or_else(vanished)?;
        if first.request_hash != self.request_hash {
            return Err(Error::IdempotencyKeyReused);
        }
        Ok(Some(first))
    }

    /// Keeps the answer, to be committed with what was done.
    pub(super) async fn keep(
        &self,
        tx: &Transaction,
        actor: &str,
        status: i16,
        etag: Option<&str>,
        body: &Value,
    ) -> Result<()> {
        Ok(keep(tx, self.row(actor), status, etag, body).await?)
    }
}
