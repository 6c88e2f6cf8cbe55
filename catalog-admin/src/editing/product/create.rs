use serde_json::Value;
use uuid::Uuid;

use crate::editing::once::Once;
use crate::editing::{Author, Created, Tagged, conflict, with_retries};
use crate::error::Result;
use crate::product::ProductOutput;
use crate::store::{Store, Transaction, revision};

use super::examine::examine;
use super::{read, wanted, write};

/// What an idempotency key for a creation stands for, beside its caller.
pub const ROUTE: &str = "POST /v1/products";

/// Creates a product; once, if the request says so.
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
) -> Result<Tagged<ProductOutput>> {
    let examined = examine(tx, id, document, None).await?;
    let rows = wanted::rows(id, &examined, None)?;
    let stock = wanted::stock(&examined.product, &rows);
    if let Err(error) = write::insert(tx, &rows, &stock).await {
        return Err(conflict::explain_product(tx, error, id, &examined.product).await);
    }
    revision::append_products(tx, &[id], author.actor, "create").await?;
    author.announce(tx).await?;
    read::within(tx, id).await
}
