//! What a batch must know of the catalog before it can be merged, by one statement a question.

use std::collections::{HashMap, HashSet};

use catalog_core::document::{CategoryDocument, ProductDocument};
use catalog_core::key::Kind;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::store::{StoreError, Transaction};

/// Products by external key, deleted ones too: a key is never given to another.
pub async fn products_by_key(
    tx: &Transaction,
    keys: &[&str],
) -> Result<HashMap<String, Uuid>, StoreError> {
    let statement = "SELECT external_key, id FROM product WHERE external_key = ANY ($1)";
    ids_by_text(tx, statement, keys).await
}

/// Categories by external key, deleted ones too.
pub async fn categories_by_key(
    tx: &Transaction,
    keys: &[&str],
) -> Result<HashMap<String, Uuid>, StoreError> {
    let statement = "SELECT external_key, id FROM category WHERE external_key = ANY ($1)";
    ids_by_text(tx, statement, keys).await
}

/// Products by the SKUs of their living variants, and those of them that have no external key.
pub async fn products_by_sku(
    tx: &Transaction,
    skus: &[&str],
) -> Result<(HashMap<String, Uuid>, HashSet<Uuid>), StoreError> {
    if skus.is_empty() {
        return Ok((HashMap::new(), HashSet::new()));
    }
    let statement = "
        SELECT v.sku, v.product_id, p.external_key IS NULL
        FROM variant v JOIN product p ON p.id = v.product_id
        WHERE v.sku = ANY ($1) AND v.deleted_at IS NULL";
    let rows = tx.rows(statement, &[&skus]).await?;
    let keyless = rows.iter().filter(|row| row.get(2)).map(|row| row.get(1)).collect();
    Ok((rows.iter().map(|row| (row.get(0), row.get(1))).collect(), keyless))
}

async fn ids_by_text(
    tx: &Transaction,
    statement: &str,
    texts: &[&str],
) -> Result<HashMap<String, Uuid>, StoreError> {
    if texts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = tx.rows(statement, &[&texts]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Locks the versions of these in the order in which the triggers would, so that nobody else
/// changes any of them before this transaction ends.
pub async fn lock_versions(tx: &Transaction, kind: Kind, ids: &[Uuid]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let statement = "
        SELECT FROM version WHERE kind = $1::text::version_kind AND id = ANY ($2)
        ORDER BY id FOR NO KEY UPDATE";
    tx.execute(statement, &[&kind.as_str(), &ids]).await.map(drop)
}

/// The documents of those of these products that live, by id.
pub async fn product_documents(
    tx: &Transaction,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, ProductDocument>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = "SELECT id, document FROM product_document WHERE id = ANY ($1)";
    tx.rows(statement, &[&ids]).await?.iter().map(document).collect()
}

/// The documents of those of these categories that live, by id.
pub async fn category_documents(
    tx: &Transaction,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, CategoryDocument>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = "SELECT id, document FROM category_document WHERE id = ANY ($1)";
    tx.rows(statement, &[&ids]).await?.iter().map(document).collect()
}

fn document<T: DeserializeOwned>(row: &Row) -> Result<(Uuid, T), StoreError> {
    let Json(text): Json<&RawValue> = row.get(1);
    Ok((row.get(0), serde_json::from_str(text.get())?))
}

/// The stock of these products, by variant and location.
pub async fn stock(
    tx: &Transaction,
    products: &[Uuid],
) -> Result<HashMap<(Uuid, String), i32>, StoreError> {
    if products.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = "SELECT variant_id, location, quantity FROM stock WHERE product_id = ANY ($1)";
    let rows = tx.rows(statement, &[&products]).await?;
    Ok(rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect())
}
