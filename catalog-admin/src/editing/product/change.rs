use catalog_core::key::EntityKey;
use uuid::Uuid;

use crate::editing::{Author, Change, Tagged, conflict, require, with_retries};
use crate::error::{Error, Result};
use crate::etag::IfMatch;
use crate::product::ProductOutput;
use crate::store::product::{self, StoredProduct};
use crate::store::{Store, Transaction, revision, version};

use super::examine::examine;
use super::rows::Rows;
use super::{read, wanted, write};

/// Replaces or patches a product, if it is still as the caller read it.
pub async fn change(
    store: &Store,
    author: Author<'_>,
    id: Uuid,
    if_match: &IfMatch,
    change: &Change,
) -> Result<Tagged<ProductOutput>> {
    with_retries(async || {
        let tx = store.begin().await?;
        let outcome = attempt(&tx, author, id, if_match, change.clone()).await;
        tx.end(outcome).await
    })
    .await
}

/// Deletes a product, if it is still as the caller read it. Its row, version and history stay.
pub async fn delete(store: &Store, author: Author<'_>, id: Uuid, if_match: &IfMatch) -> Result<()> {
    with_retries(async || {
        let tx = store.begin().await?;
        let work = async {
            locked(&tx, id, if_match).await?;
            product::delete(&tx, id).await?;
            revision::append_products(&tx, &[id], author.actor, "delete").await?;
            author.announce(&tx).await
        };
        let outcome = work.await;
        tx.end(outcome).await
    })
    .await
}

async fn attempt(
    tx: &Transaction,
    author: Author<'_>,
    id: Uuid,
    if_match: &IfMatch,
    change: Change,
) -> Result<Tagged<ProductOutput>> {
    let current = locked(tx, id, if_match).await?;
    let rows = Rows::of(&current.document)?;
    let action = change.action();
    let version = current.etag.version;
    let editable = || serde_json::to_value(ProductOutput::new(version, current.document));
    let examined = examine(tx, id, change.apply(editable)?, Some(&rows)).await?;
    let wanted = wanted::rows(id, &examined, Some(&rows))?;
    let stock = wanted::stock(&examined.product, &wanted);
    if let Err(error) = write::update(tx, &rows, &wanted, &stock).await {
        return Err(conflict::explain_product(tx, error, id, &examined.product).await);
    }
    revision::append_products(tx, &[id], author.actor, action).await?;
    author.announce(tx).await?;
    read::within(tx, id).await
}

/// The product as it is, with its version locked, if that is the one that the caller has read.
async fn locked(tx: &Transaction, id: Uuid, if_match: &IfMatch) -> Result<StoredProduct> {
    if !version::lock(tx, EntityKey::product(id)).await? {
        return Err(Error::no_product(id));
    }
    let current = product::find(tx, id).await?.ok_or_else(|| Error::no_product(id))?;
    require(if_match, current.etag)?;
    Ok(current)
}
