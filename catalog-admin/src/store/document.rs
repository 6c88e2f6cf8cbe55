//! Whole products and categories.

use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::etag::Etag;

use super::{StoreError, Table, Transaction};

/// A living product or category with the tag of this state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<D> {
    /// Version and hash.
    pub etag: Etag,
    /// It whole.
    pub document: D,
}

/// The document with this id, with its version, as one snapshot shows them.
pub async fn find<D: DeserializeOwned>(
    tx: &Transaction,
    of: Table,
    id: Uuid,
) -> Result<Option<Stored<D>>, StoreError> {
    let name = of.name();
    let statement = format!(
        "SELECT v.version, d.document::text
        FROM {name}_document d JOIN version v ON v.kind = '{name}' AND v.id = d.id
        WHERE d.id = $1"
    );
    let Some(row) = tx.row(&statement, &[&id]).await? else { return Ok(None) };
    let text: &str = row.get(1);
    let document = serde_json::from_str(text)?;
    Ok(Some(Stored { etag: Etag::of(row.get(0), text), document }))
}

/// Deletes it: its row stays, while its slug, SKUs (a trigger's work) and external key become free.
pub async fn delete(tx: &Transaction, of: Table, id: Uuid) -> Result<(), StoreError> {
    let name = of.name();
    let statement = format!(
        "UPDATE {name} SET deleted_at = now(), updated_at = now(), external_key = NULL
        WHERE id = $1 AND deleted_at IS NULL"
    );
    tx.execute(&statement, &[&id]).await.map(drop)
}
