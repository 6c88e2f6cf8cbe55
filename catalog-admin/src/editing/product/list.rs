use jiff::Timestamp;
use uuid::Uuid;

use crate::error::Result;
use crate::store::Store;
use crate::store::product_list::{ProductLine, page};

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
