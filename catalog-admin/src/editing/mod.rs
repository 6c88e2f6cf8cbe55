//! The use cases: whole documents written in one transaction, or not at all.

pub mod category;
mod change;
pub mod conflict;
mod create;
mod created;
mod delete;
mod edited;
pub mod history;
pub mod once;
pub mod product;
mod read;
pub mod reference;
pub mod stock;
mod words;

use catalog_core::key::EntityKey;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::etag::{Etag, IfMatch};
use crate::session::Written;
use crate::store::{StoreError, Transaction, mark, trace};

pub use change::change;
pub use create::create;
pub use created::Created;
pub use delete::delete;
pub use edited::Edited;
pub use read::find;

/// How often a transaction that lost against others is tried in all.
const ATTEMPTS: u32 = 4;

/// Who changes something, in which trace, and who is to know where that stands in the history.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Who the history names.
    pub actor: &'a str,
    /// The trace's parent, as W3C Trace Context writes it.
    pub traceparent: Option<&'a str>,
    /// Is told of it.
    pub written: &'a Written,
}

impl Author<'_> {
    /// Has the change publisher told of the trace, and notes where this transaction stands, which has
    /// written `key` if that is all.
    async fn announce(&self, tx: &Transaction, key: Option<EntityKey>) -> Result<()> {
        let emit = async {
            match self.traceparent {
                Some(parent) => trace::emit(tx, parent).await,
                None => Ok(()),
            }
        };
        // Both go out at once.
        let ((), mark) = tokio::try_join!(emit, mark::of(tx, key))?;
        self.written.note(mark);
        Ok(())
    }
}

/// A document in the state that the answer's tag names.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagged<T> {
    /// Its state.
    pub etag: Etag,
    /// The document.
    pub document: T,
}

/// How an existing document is changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// This is the document from now on.
    Replace(Value),
    /// These members change (RFC 7396).
    Patch(Value),
}

impl Change {
    /// What the history calls it.
    const fn action(&self) -> &'static str {
        match self {
            Self::Replace(_) => "replace",
            Self::Patch(_) => "patch",
        }
    }

    /// The document that is wanted, given what there is.
    fn apply(self, current: impl FnOnce() -> serde_json::Result<Value>) -> Result<Value> {
        match self {
            Self::Replace(document) => Ok(document),
            Self::Patch(patch) => {
                let mut document = current().map_err(StoreError::from)?;
                json_patch::merge(&mut document, &patch);
                Ok(document)
            }
        }
    }
}

/// Refuses when the caller has read another state than the current one.
fn require(if_match: &IfMatch, current: Etag) -> Result<()> {
    if if_match.allows(current) {
        return Ok(());
    }
    Err(Error::VersionConflict { current, given: if_match.as_str().to_owned() })
}

/// Tries again, at once, what lost against another transaction: the other one has ended.
async fn with_retries<T, F: Future<Output = Result<T>>>(
    mut attempt: impl FnMut() -> F,
) -> Result<T> {
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(error @ (Error::Overtaken | Error::Store(StoreError::LostRace(_)))) => {
                tracing::debug!(error.message = %error, "a transaction is tried again");
            }
            outcome => return outcome,
        }
    }
    attempt().await
}
