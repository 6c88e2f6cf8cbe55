//! The table `stock`.

use catalog_core::document::Availability;
use serde::Serialize;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// Which pieces of stock: those of a variant at a location.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StockKey {
    /// `variant_id`
    pub variant_id: Uuid,
    /// `location`
    pub location: String,
}

/// How many pieces there are to be, or to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StockRow {
    /// Whose, and where.
    #[serde(flatten)]
    pub key: StockKey,
    /// `quantity`
    pub quantity: i32,
}

/// A living variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuRow {
    /// Its SKU.
    pub sku: String,
    /// Its id.
    pub variant_id: Uuid,
    /// Its product.
    pub product_id: Uuid,
}

/// A variant of a product, with its stock at one location, if it has any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockLine {
    /// Which variant.
    pub variant_id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// What storefronts show.
    pub availability: Availability,
    /// Where, and how many.
    pub level: Option<(String, i32)>,
}

/// Sets stock of the product's variants, where it is named.
pub async fn set(tx: &Transaction, product: Uuid, rows: &[StockRow]) -> Result<(), StoreError> {
    let statement = "
        INSERT INTO stock AS s (variant_id, product_id, location, quantity)
        SELECT r.variant_id, $1, r.location, r.quantity
        FROM jsonb_to_recordset($2) AS r (variant_id uuid, location text, quantity integer)
        ORDER BY r.variant_id, r.location
        ON CONFLICT (variant_id, location) DO UPDATE
            SET quantity = excluded.quantity WHERE s.quantity <> excluded.quantity";
    tx.execute(statement, &[&product, &Json(rows)]).await.map(drop)
}

/// The living variants that bear these SKUs.
pub async fn find_skus(tx: &Transaction, skus: &[&str]) -> Result<Vec<SkuRow>, StoreError> {
    let statement = "
        SELECT sku, id, product_id FROM variant WHERE sku = ANY ($1) AND deleted_at IS NULL";
    let rows = tx.rows(statement, &[&skus]).await?;
    let read = |row: &Row| SkuRow {
        sku: row.get("sku"),
        variant_id: row.get("id"),
        product_id: row.get("product_id"),
    };
    Ok(rows.iter().map(read).collect())
}

/// Makes sure that there is a row for each, so that it can be locked.
pub async fn ensure(tx: &Transaction, keys: &[StockKey]) -> Result<(), StoreError> {
    let statement = "
        INSERT INTO stock (variant_id, product_id, location, quantity)
        SELECT v.id, v.product_id, r.location, 0
        FROM jsonb_to_recordset($1) AS r (variant_id uuid, location text)
        JOIN variant v ON v.id = r.variant_id
        ORDER BY v.id, r.location
        ON CONFLICT (variant_id, location) DO NOTHING";
    tx.execute(statement, &[&Json(keys)]).await.map(drop)
}

/// How many there are of each; nobody else changes them until the transaction ends.
pub async fn lock(tx: &Transaction, keys: &[StockKey]) -> Result<Vec<StockRow>, StoreError> {
    let statement = "
        SELECT s.variant_id, s.location, s.quantity
        FROM stock s
        WHERE (s.variant_id, s.location) IN (
            SELECT r.variant_id, r.location
            FROM jsonb_to_recordset($1) AS r (variant_id uuid, location text))
        ORDER BY s.variant_id, s.location FOR NO KEY UPDATE";
    let rows = tx.rows(statement, &[&Json(keys)]).await?;
    let read = |row: &Row| StockRow {
        key: StockKey { variant_id: row.get("variant_id"), location: row.get("location") },
        quantity: row.get("quantity"),
    };
    Ok(rows.iter().map(read).collect())
}

/// Adds to what there is, or takes from it.
pub async fn add(tx: &Transaction, rows: &[StockRow]) -> Result<(), StoreError> {
    let statement = "
        UPDATE stock s SET quantity = s.quantity + r.quantity
        FROM jsonb_to_recordset($1) AS r (variant_id uuid, location text, quantity integer)
        WHERE s.variant_id = r.variant_id AND s.location = r.location AND r.quantity <> 0";
    tx.execute(statement, &[&Json(rows)]).await.map(drop)
}

/// The stock of a product's living variants, in their order and by location.
pub async fn of_product(tx: &Transaction, product: Uuid) -> Result<Vec<StockLine>, StoreError> {
    let statement = "
        SELECT v.id, v.sku, s.location, s.quantity,
               to_jsonb(coalesce(a.availability, 'out_of_stock')) AS availability
        FROM variant v
        LEFT JOIN variant_availability a ON a.variant_id = v.id
        LEFT JOIN stock s ON s.variant_id = v.id
        WHERE v.product_id = $1 AND v.deleted_at IS NULL
        ORDER BY v.position, v.id, s.location";
    let rows = tx.rows(statement, &[&product]).await?;
    Ok(rows.iter().map(line).collect())
}

fn line(row: &Row) -> StockLine {
    let Json(availability) = row.get("availability");
    let location: Option<String> = row.get("location");
    StockLine {
        variant_id: row.get("id"),
        sku: row.get("sku"),
        availability,
        level: location.map(|location| (location, row.get("quantity"))),
    }
}
