use catalog_core::key::EntityKey;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;
use crate::store::{Table, Transaction};

/// What editors create, change and delete whole: products and categories. The transaction around each
/// of these, its versions, history and answers are the same for both.
pub trait Edited {
    /// It, as the database puts it together.
    type Document: Clone + DeserializeOwned + Send + Sync;
    /// It, as it is answered.
    type Output: Serialize + Send;
    /// Where it is kept.
    const TABLE: Table;
    /// What an idempotency key for a creation stands for, beside its caller.
    const ROUTE: &'static str;
    /// Where all of them are, below `/v1/`.
    const COLLECTION: &'static str;

    /// Its key among all that has versions.
    fn key(id: Uuid) -> EntityKey {
        EntityKey { kind: Self::TABLE.kind(), id }
    }

    /// How a document in a version is answered.
    fn output(version: i64, document: Self::Document) -> Self::Output;

    /// Adds one as it was sent.
    fn insert(tx: &Transaction, id: Uuid, wanted: Value)
    -> impl Future<Output = Result<()>> + Send;

    /// Makes the current one what is wanted. One that is so already stays in its version.
    fn update(
        tx: &Transaction,
        id: Uuid,
        current: &Self::Document,
        wanted: Value,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Refuses when it cannot go.
    fn may_go(tx: &Transaction, id: Uuid) -> impl Future<Output = Result<()>> + Send;
}
