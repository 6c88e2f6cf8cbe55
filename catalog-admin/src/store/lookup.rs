//! Who is meant by a reference, and whose a taken value is.

use tokio_postgres::Row;
use uuid::Uuid;

use super::{StoreError, Table, Transaction};

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

/// Those of these that live.
pub async fn living(
    tx: &Transaction,
    of: Table,
    wanted: &Wanted,
) -> Result<Vec<Found>, StoreError> {
    let name = of.name();
    let statement = format!(
        "SELECT 'id' AS by, id::text AS value, id FROM {name}
        WHERE id = ANY ($1) AND deleted_at IS NULL
        UNION ALL
        SELECT 'external_key', external_key, id FROM {name}
        WHERE external_key = ANY ($2) AND deleted_at IS NULL
        UNION ALL
        SELECT 'slug', slug, id FROM {name}
        WHERE slug = ANY ($3) AND deleted_at IS NULL"
    );
    let Wanted { ids, external_keys, slugs } = wanted;
    Ok(tx.rows(&statement, &[ids, external_keys, slugs]).await?.iter().map(found).collect())
}

/// Which others have this slug or external key.
pub async fn owners(
    tx: &Transaction,
    of: Table,
    but: Uuid,
    slug: &str,
    external_key: Option<&str>,
) -> Result<Vec<Found>, StoreError> {
    let name = of.name();
    let statement = format!(
        "SELECT 'slug' AS by, slug AS value, id FROM {name}
        WHERE slug = $2 AND deleted_at IS NULL AND id <> $1
        UNION ALL
        SELECT 'external_key', external_key, id FROM {name}
        WHERE external_key = $3 AND id <> $1"
    );
    let rows = tx.rows(&statement, &[&but, &slug, &external_key]).await?;
    Ok(rows.iter().map(found).collect())
}

/// Which other products have any of these SKUs.
pub async fn sku_owners(
    tx: &Transaction,
    but: Uuid,
    skus: &[&str],
) -> Result<Vec<Found>, StoreError> {
    let statement = "
        SELECT 'sku' AS by, sku AS value, product_id AS id FROM variant
        WHERE sku = ANY ($2) AND deleted_at IS NULL AND product_id <> $1";
    Ok(tx.rows(statement, &[&but, &skus]).await?.iter().map(found).collect())
}

fn found(row: &Row) -> Found {
    Found { by: row.get("by"), value: row.get("value"), id: row.get("id") }
}
