use crate::error::Result;
use crate::store::Store;
use crate::store::category::{CategoryLine, page};

/// At most `limit` living categories by slug, that come after this one.
pub async fn list(store: &Store, after: &str, limit: i64) -> Result<Vec<CategoryLine>> {
    let tx = store.begin().await?;
    let outcome = page(&tx, after, limit).await;
    Ok(tx.end(outcome).await?)
}
