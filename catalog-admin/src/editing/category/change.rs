use catalog_core::key::EntityKey;
use uuid::Uuid;

use crate::category::CategoryOutput;
use crate::editing::{Author, Change, Tagged, conflict, require, with_retries};
use crate::error::{Error, Result};
use crate::etag::IfMatch;
use crate::store::category::{self, StoredCategory};
use crate::store::{Store, StoreError, Transaction, revision, translation, version};

use super::examine::{Rows, examine};
use super::read;

/// Replaces or patches a category, if it is still as the caller read it.
pub async fn change(
    store: &Store,
    author: Author<'_>,
    id: Uuid,
    if_match: &IfMatch,
    change: &Change,
) -> Result<Tagged<CategoryOutput>> {
    with_retries(async || {
        let tx = store.begin().await?;
        let outcome = attempt(&tx, author, id, if_match, change.clone()).await;
        tx.end(outcome).await
    })
    .await
}

/// Deletes a category without living subcategories, if it is still as the caller read it. Its row,
/// version and history stay, and products stay in it, though no reader sees that.
pub async fn delete(store: &Store, author: Author<'_>, id: Uuid, if_match: &IfMatch) -> Result<()> {
    with_retries(async || {
        let tx = store.begin().await?;
        let work = async {
            locked(&tx, id, if_match).await?;
            let children = category::children(&tx, id).await?;
            if children > 0 {
                return Err(Error::CategoryHasChildren(children));
            }
            category::delete(&tx, id).await?;
            revision::append_category(&tx, id, author.actor, "delete").await?;
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
) -> Result<Tagged<CategoryOutput>> {
    let current = locked(tx, id, if_match).await?;
    let rows = Rows::of(&current.document);
    let action = change.action();
    let version = current.etag.version;
    let editable = || serde_json::to_value(CategoryOutput::new(version, current.document));
    let (valid, wanted) = examine(tx, id, change.apply(editable)?, Some(&rows)).await?;
    if let Err(error) = write(tx, &rows, &wanted).await {
        return Err(conflict::explain_category(tx, error, id, &valid).await);
    }
    revision::append_category(tx, id, author.actor, action).await?;
    author.announce(tx).await?;
    read::within(tx, id).await
}

async fn write(tx: &Transaction, current: &Rows, wanted: &Rows) -> Result<(), StoreError> {
    if current == wanted {
        return Ok(());
    }
    category::update(tx, &wanted.category).await?;
    translation::replace_category(tx, wanted.category.id, &wanted.translations).await
}

/// The category as it is, with its version locked, if that is the one that the caller has read.
async fn locked(tx: &Transaction, id: Uuid, if_match: &IfMatch) -> Result<StoredCategory> {
    if !version::lock(tx, EntityKey::category(id)).await? {
        return Err(Error::no_category(id));
    }
    let current = category::find(tx, id).await?.ok_or_else(|| Error::no_category(id))?;
    require(if_match, current.etag)?;
    Ok(current)
}
