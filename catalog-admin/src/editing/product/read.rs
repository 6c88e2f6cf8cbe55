use jiff::Timestamp;
use uuid::Uuid;

use crate::editing::Tagged;
use crate::error::{Error, Result};
use crate::product::ProductOutput;
use crate::store::product_list::{ProductLine, page};
use crate::store::{Store, Transaction, product};

/// A living product.
pub async fn find(store: &Store, id: Uuid) -> Result<Tagged<ProductOutput>> {
    let tx = store.begin().await?;
    let outcome = within(&tx, id).await;
    tx.end(outcome).await
}

/// A living product, as this transaction sees it.
pub(super) async fn within(tx: &Transaction, id: Uuid) -> Result<Tagged<ProductOutput>> {
    let stored = product::find(tx, id).await?.ok_or_else(|| Error::no_product(id))?;
    let document = ProductOutput::new(stored.etag.version, stored.document);
    Ok(Tagged { etag: stored.etag, document })
}

/// At most `limit` living products of these statuses, the newest first, that come after the one
/// created at that moment with that id.
pub async fn list(
    store: &Store,
    statuses: &[&str],
    after: (Timestamp, Uuid),
    limit: i64,
) -> Result<Vec<ProductLine>> {
    let tx = store.begin().await?;
    let outcome = page(&tx, statuses, after, limit).await;
    Ok(tx.end(outcome).await?)
}
