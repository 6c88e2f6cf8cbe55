//! The table `variant`.

use std::collections::BTreeMap;

use serde::Serialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A row, without its product's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VariantRow {
    /// `id`
    pub id: Uuid,
    /// `sku`
    pub sku: String,
    /// `barcode`
    pub barcode: Option<String>,
    /// `options`
    pub options: BTreeMap<String, String>,
    /// `position`
    pub position: i32,
}

/// Makes these the product's living variants; rows that are so already are left alone, and those
/// that are no longer named are deleted softly.
pub async fn replace(
    tx: &Transaction,
    product: Uuid,
    rows: &[VariantRow],
) -> Result<(), StoreError> {
    let retire = "
        UPDATE variant SET deleted_at = now()
        WHERE product_id = $1 AND deleted_at IS NULL AND id <> ALL ($2)";
    let upsert = "
        INSERT INTO variant AS v (id, product_id, sku, barcode, options, position)
        SELECT r.id, $1, r.sku, r.barcode, r.options, r.position
        FROM jsonb_to_recordset($2) AS r (
            id uuid, sku text, barcode text, options jsonb, position integer)
        ON CONFLICT (id) DO UPDATE
            SET barcode = excluded.barcode, options = excluded.options, position = excluded.position
            WHERE (v.barcode, v.options, v.position)
                IS DISTINCT FROM (excluded.barcode, excluded.options, excluded.position)";
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    tx.execute(retire, &[&product, &ids]).await?;
    tx.execute(upsert, &[&product, &Json(rows)]).await.map(drop)
}
