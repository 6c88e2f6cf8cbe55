use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;
use crate::store::idempotency::AnswerRow;
use crate::store::{StoreError, Transaction};

use super::once::Once;
use super::{Author, Tagged};

/// The HTTP status that is kept with the answer to a creation.
const CREATED: i16 = 201;

/// The answer to a creation.
#[derive(Debug, Clone, PartialEq)]
pub struct Created {
    /// What was created.
    pub id: Uuid,
    /// Its tag, when it was created.
    pub etag: String,
    /// The document, as it was answered the first time.
    pub body: Value,
    /// Whether this is the first answer again.
    pub replayed: bool,
}

impl Created {
    /// The first answer again.
    pub(super) fn again(first: AnswerRow) -> Result<Self> {
        let body = first.body.unwrap_or_default();
        let id = body["id"].as_str().and_then(|id| id.parse().ok());
        let id = id.ok_or_else(|| StoreError::Failed("a kept answer has no id".into()))?;
        Ok(Self { id, etag: first.etag.unwrap_or_default(), body, replayed: true })
    }

    /// The first answer, kept with what was created if the request is to be done once.
    pub(super) async fn keep<T: Serialize>(
        tx: &Transaction,
        author: Author<'_>,
        once: Option<&Once>,
        id: Uuid,
        created: Tagged<T>,
    ) -> Result<Self> {
        let etag = created.etag.to_string();
        let body = serde_json::to_value(created.document).map_err(StoreError::from)?;
        if let Some(once) = once {
            once.keep(tx, author.actor, CREATED, Some(&etag), &body).await?;
        }
        Ok(Self { id, etag, body, replayed: false })
    }
}
