//! The table `version`, as a lock.

use catalog_core::key::EntityKey;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// Locks the thing's version until the transaction ends: whoever else changes it waits. Whether
/// there is, or ever was, such a thing.
pub async fn lock(tx: &Transaction, key: EntityKey) -> Result<bool, StoreError> {
    let statement = "
        SELECT FROM version WHERE kind = $1::text::version_kind AND id = $2
        FOR NO KEY UPDATE";
    Ok(tx.row(statement, &[&key.kind.as_str(), &key.id]).await?.is_some())
}

/// Locks these products' versions, in the order in which triggers do.
pub async fn lock_products(tx: &Transaction, ids: &[Uuid]) -> Result<(), StoreError> {
    let statement = "
        SELECT FROM version WHERE kind = 'product' AND id = ANY ($1)
        ORDER BY id FOR NO KEY UPDATE";
    tx.execute(statement, &[&ids]).await.map(drop)
}

/// Whether there is, or ever was, such a thing.
pub async fn exists(tx: &Transaction, key: EntityKey) -> Result<bool, StoreError> {
    let statement = "SELECT FROM version WHERE kind = $1::text::version_kind AND id = $2";
    Ok(tx.row(statement, &[&key.kind.as_str(), &key.id]).await?.is_some())
}
