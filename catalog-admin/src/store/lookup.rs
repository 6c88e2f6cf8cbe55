//! Who is meant by a reference, and whose a taken value is.

use tokio_postgres::Row;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// Ids, external keys and slugs to look for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Ids.
    pub ids: Vec<Uuid>,
    /// External keys.
    pub external_keys: Vec<String>,
    /// Slugs.
    pub slugs: Vec<String>,
}

/// A living product or category that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// `id`, `external_key` or `slug`; of owners also `sku`.
    pub by: String,
    /// What was looked for.
    pub value: String,
    /// Who it is.
    pub id: Uuid,
}

/// The living products among these.
pub async fn products(tx: &Transaction, wanted: &Wanted) -> Result<Vec<Found>, StoreError> {
    let statement = "
        SELECT 'id' AS by, id::text AS value, id FROM product
        WHERE id = ANY ($1) AND deleted_at IS NULL
        UNION ALL
        SELECT 'external_key', external_key, id FROM product
        WHERE external_key = ANY ($2) AND deleted_at IS NULL
        UNION ALL
        SELECT 'slug', slug, id FROM product
        WHERE slug = ANY ($3) AND deleted_at IS NULL";
    let Wanted { ids, external_keys, slugs } = wanted;
    Ok(tx.rows(statement, &[ids, external_keys, slugs]).await?.iter().map(found).collect())
}

/// The living categories among these.
pub async fn categories(tx: &Transaction, wanted: &Wanted) -> Result<Vec<Found>, StoreError> {
    let statement = "
        SELECT 'id' AS by, id::text AS value, id FROM category
        WHERE id = ANY ($1) AND deleted_at IS NULL
        UNION ALL
        SELECT 'external_key', external_key, id FROM category
        WHERE external_key = ANY ($2) AND deleted_at IS NULL
        UNION ALL
        SELECT 'slug', slug, id FROM category
        WHERE slug = ANY ($3) AND deleted_at IS NULL";
    let Wanted { ids, external_keys, slugs } = wanted;
    Ok(tx.rows(statement, &[ids, external_keys, slugs]).await?.iter().map(found).collect())
}

/// Which other products have this slug, external key, or any of these SKUs.
pub async fn product_owners(
    tx: &Transaction,
    but: Uuid,
    slug: &str,
    external_key: Option<&str>,
    skus: &[&str],
) -> Result<Vec<Found>, StoreError> {
    let statement = "
        SELECT 'slug' AS by, slug AS value, id FROM product
        WHERE slug = $2 AND deleted_at IS NULL AND id <> $1
        UNION ALL
        SELECT 'external_key', external_key, id FROM product
        WHERE external_key = $3 AND id <> $1
        UNION ALL
        SELECT 'sku', sku, product_id FROM variant
        WHERE sku = ANY ($4) AND deleted_at IS NULL AND product_id <> $1";
    let rows = tx.rows(statement, &[&but, &slug, &external_key, &skus]).await?;
    Ok(rows.iter().map(found).collect())
}

/// Which other categories have this slug or external key.
pub async fn category_owners(
    tx: &Transaction,
    but: Uuid,
    slug: &str,
    external_key: Option<&str>,
) -> Result<Vec<Found>, StoreError> {
    let statement = "
        SELECT 'slug' AS by, slug AS value, id FROM category
        WHERE slug = $2 AND deleted_at IS NULL AND id <> $1
        UNION ALL
        SELECT 'external_key', external_key, id FROM category
        WHERE external_key = $3 AND id <> $1";
    let rows = tx.rows(statement, &[&but, &slug, &external_key]).await?;
    Ok(rows.iter().map(found).collect())
}

fn found(row: &Row) -> Found {
    Found { by: row.get("by"), value: row.get("value"), id: row.get("id") }
}
