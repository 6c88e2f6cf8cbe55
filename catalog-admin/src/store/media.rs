//! The table `media`.

use std::collections::BTreeMap;

use serde::Serialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A row, without its product's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaRow {
    /// `id`
    pub id: Uuid,
    /// `variant_id`
    pub variant_id: Option<Uuid>,
    /// `position`
    pub position: i32,
    /// `kind`
    pub kind: &'static str,
    /// `url`
    pub url: String,
    /// `alt`
    pub alt: BTreeMap<String, String>,
}

/// Makes these the product's pictures and films; rows that are so already are left alone.
pub async fn replace(tx: &Transaction, product: Uuid, rows: &[MediaRow]) -> Result<(), StoreError> {
    let delete = "DELETE FROM media WHERE product_id = $1 AND id <> ALL ($2)";
    let upsert = "
        INSERT INTO media AS m (id, product_id, variant_id, position, kind, url, alt)
        SELECT r.id, $1, r.variant_id, r.position, r.kind, r.url, r.alt
        FROM jsonb_to_recordset($2) AS r (
            id uuid, variant_id uuid, position integer, kind media_kind, url text, alt jsonb)
        ON CONFLICT (id) DO UPDATE
            SET variant_id = excluded.variant_id, position = excluded.position,
                kind = excluded.kind, url = excluded.url, alt = excluded.alt
            WHERE (m.variant_id, m.position, m.kind, m.url, m.alt) IS DISTINCT FROM
                (excluded.variant_id, excluded.position, excluded.kind, excluded.url, excluded.alt)";
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    tx.execute(delete, &[&product, &ids]).await?;
    tx.execute(upsert, &[&product, &Json(rows)]).await.map(drop)
}
