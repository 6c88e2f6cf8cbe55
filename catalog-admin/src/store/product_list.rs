//! Lists of products.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A line in a list of products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductLine {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// Its key in the system that it came from.
    pub external_key: Option<String>,
    /// Its name in addresses.
    pub slug: String,
    /// Its status.
    pub status: String,
    /// Its brand.
    pub brand: Option<String>,
    /// What it is called, by locale.
    pub names: BTreeMap<String, String>,
    /// How many living variants it has.
    pub variants: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// At most `limit` living products of these statuses, the newest first, that come after the one
/// created at that moment with that id.
pub async fn page(
    tx: &Transaction,
    statuses: &[&str],
    after: (Timestamp, Uuid),
    limit: i64,
) -> Result<Vec<ProductLine>, StoreError> {
    // Of one status as such, so that an index has them in order.
    let is_wanted = match statuses {
        [_] => "p.status = ($1::text[])[1]::product_status",
        _ => "p.status = ANY ($1::text[]::product_status[])",
    };
    let statement = format!(
        "
        SELECT p.id, v.version, p.external_key, p.slug, p.status::text AS status, p.brand,
               p.created_at, p.updated_at,
               (SELECT coalesce(jsonb_object_agg(t.locale, t.name), '{{}}')
                FROM product_translation t WHERE t.product_id = p.id) AS names,
               (SELECT count(*) FROM variant w
                WHERE w.product_id = p.id AND w.deleted_at IS NULL) AS variants
        FROM product p JOIN version v ON v.kind = 'product' AND v.id = p.id
        WHERE p.deleted_at IS NULL
          AND {is_wanted}
          AND (p.created_at, p.id) < ($2, $3)
        ORDER BY p.created_at DESC, p.id DESC
        LIMIT $4"
    );
    let (moment, id) = after;
    let rows = tx.rows(&statement, &[&statuses, &moment, &id, &limit]).await?;
    Ok(rows.iter().map(line).collect())
}

fn line(row: &Row) -> ProductLine {
    let Json(names) = row.get("names");
    ProductLine {
        id: row.get("id"),
        version: row.get("version"),
        external_key: row.get("external_key"),
        slug: row.get("slug"),
        status: row.get("status"),
        brand: row.get("brand"),
        names,
        variants: row.get("variants"),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    }
}
