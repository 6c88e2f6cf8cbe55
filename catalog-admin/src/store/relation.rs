//! The table `relation`.

use serde::Serialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A row, without its product's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelationRow {
    /// `kind`
    pub kind: &'static str,
    /// `related_id`
    pub related_id: Uuid,
    /// `position`
    pub position: i32,
}

/// Makes these the product's relations; rows that are so already are left alone.
pub async fn replace(
    tx: &Transaction,
    product: Uuid,
    rows: &[RelationRow],
) -> Result<(), StoreError> {
    let delete = "
        DELETE FROM relation l WHERE l.product_id = $1 AND NOT EXISTS (
            SELECT FROM jsonb_to_recordset($2) AS r (kind relation_kind, related_id uuid)
            WHERE r.kind = l.kind AND r.related_id = l.related_id)";
    let upsert = "
        INSERT INTO relation AS l (product_id, related_id, kind, position)
        SELECT $1, r.related_id, r.kind, r.position
        FROM jsonb_to_recordset($2) AS r (kind relation_kind, related_id uuid, position integer)
        ON CONFLICT (product_id, related_id, kind) DO UPDATE
            SET position = excluded.position WHERE l.position <> excluded.position";
    tx.execute(delete, &[&product, &Json(rows)]).await?;
    tx.execute(upsert, &[&product, &Json(rows)]).await.map(drop)
}
