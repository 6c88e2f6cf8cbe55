//! What was changed, by whom.

use catalog_core::key::EntityKey;

use crate::error::{Error, Result};
use crate::store::revision::{RevisionRow, page};
use crate::store::{Store, version};

/// At most `limit` changes of a product or category, the last first, made before the one with this
/// id. Deleted ones keep their history.
pub async fn list(
    store: &Store,
    of: EntityKey,
    before: i64,
    limit: i64,
) -> Result<Vec<RevisionRow>> {
    let tx = store.begin().await?;
    let work = async {
        if !version::exists(&tx, of).await? {
            return Err(Error::missing(of.kind.as_str(), of.id));
        }
        Ok(page(&tx, of, before, limit).await?)
    };
    let outcome = work.await;
    tx.end(outcome).await
}
