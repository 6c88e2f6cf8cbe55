//! The table `product_category`.

use serde::Serialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A row, without its product's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MembershipRow {
    /// `category_id`
    pub category_id: Uuid,
    /// `position`
    pub position: i32,
}

/// Makes these the product's categories; rows that are so already are left alone.
pub async fn replace(
    tx: &Transaction,
    product: Uuid,
    rows: &[MembershipRow],
) -> Result<(), StoreError> {
    let delete = "
        DELETE FROM product_category WHERE product_id = $1 AND category_id <> ALL ($2)";
    let upsert = "
        INSERT INTO product_category AS c (product_id, category_id, position)
        SELECT $1, r.category_id, r.position
        FROM jsonb_to_recordset($2) AS r (category_id uuid, position integer)
        ON CONFLICT (product_id, category_id) DO UPDATE
            SET position = excluded.position WHERE c.position <> excluded.position";
    let categories: Vec<Uuid> = rows.iter().map(|row| row.category_id).collect();
    tx.execute(delete, &[&product, &categories]).await?;
    tx.execute(upsert, &[&product, &Json(rows)]).await.map(drop)
}
