use uuid::Uuid;

use crate::category::CategoryOutput;
use crate::editing::Tagged;
use crate::error::{Error, Result};
use crate::store::category::{self, CategoryLine};
use crate::store::{Store, Transaction};

/// A living category.
pub async fn find(store: &Store, id: Uuid) -> Result<Tagged<CategoryOutput>> {
    let tx = store.begin().await?;
    let outcome = within(&tx, id).await;
    tx.end(outcome).await
}

/// A living category, as this transaction sees it.
pub(super) async fn within(tx: &Transaction, id: Uuid) -> Result<Tagged<CategoryOutput>> {
    let stored = category::find(tx, id).await?.ok_or_else(|| Error::no_category(id))?;
    let document = CategoryOutput::new(stored.etag.version, stored.document);
    Ok(Tagged { etag: stored.etag, document })
}

/// At most `limit` living categories by slug, that come after this one.
pub async fn list(store: &Store, after: &str, limit: i64) -> Result<Vec<CategoryLine>> {
    let tx = store.begin().await?;
    let outcome = category::page(&tx, after, limit).await;
    Ok(tx.end(outcome).await?)
}
