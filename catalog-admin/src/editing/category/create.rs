use serde_json::Value;
use uuid::Uuid;

use crate::category::CategoryOutput;
use crate::editing::once::Once;
use crate::editing::{Author, Created, Tagged, conflict, with_retries};
use crate::error::Result;
use crate::store::{Store, StoreError, Transaction, category, revision, translation};

use super::examine::{Rows, examine};
use super::read;

/// What an idempotency key for a creation stands for, beside its caller.
pub const ROUTE: &str = "POST /v1/categories";

/// Creates a category; once, if the request says so.
pub async fn create(
    store: &Store,
    author: Author<'_>,
    document: &Value,
    once: Option<&Once>,
) -> Result<Created> {
    with_retries(async || {
        let tx = store.begin().await?;
        let outcome = attempt(&tx, author, document.clone(), once).await;
        tx.end(outcome).await
    })
    .await
}

async fn attempt(
    tx: &Transaction,
    author: Author<'_>,
    document: Value,
    once: Option<&Once>,
) -> Result<Created> {
    if let Some(once) = once
        && let Some(first) = once.begin(tx, author.actor).await?
    {
        return Created::again(first);
    }
    let id = Uuid::now_v7();
    let created = insert(tx, id, author, document).await?;
    Created::keep(tx, author, once, id, created).await
}

async fn insert(
    tx: &Transaction,
    id: Uuid,
    author: Author<'_>,
    document: Value,
) -> Result<Tagged<CategoryOutput>> {
    let (valid, rows) = examine(tx, id, document, None).await?;
    if let Err(error) = write(tx, &rows).await {
        return Err(conflict::explain_category(tx, error, id, &valid).await);
    }
    revision::append_category(tx, id, author.actor, "create").await?;
    author.announce(tx).await?;
    read::within(tx, id).await
}

async fn write(tx: &Transaction, rows: &Rows) -> Result<(), StoreError> {
    category::insert(tx, &rows.category).await?;
    translation::replace_category(tx, rows.category.id, &rows.translations).await
}
