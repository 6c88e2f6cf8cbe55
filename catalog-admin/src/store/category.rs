//! The table `category`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A row of `category`, without its times of creation and change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryRow {
    /// `id`
    pub id: Uuid,
    /// `external_key`
    pub external_key: Option<String>,
    /// `slug`
    pub slug: String,
    /// `parent_id`
    pub parent_id: Option<Uuid>,
    /// `position`
    pub position: i32,
}

/// A line in a list of categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryLine {
    /// Its row.
    pub row: CategoryRow,
    /// Its version.
    pub version: i64,
    /// What it is called, by locale.
    pub names: BTreeMap<String, String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Adds a category.
pub async fn insert(tx: &Transaction, row: &CategoryRow) -> Result<(), StoreError> {
    let statement = "
        INSERT INTO category (id, external_key, slug, parent_id, position)
        VALUES ($1, $2, $3, $4, $5)";
    let CategoryRow { id, external_key, slug, parent_id, position } = row;
    tx.execute(statement, &[id, external_key, slug, parent_id, position]).await.map(drop)
}

/// Writes a category's own row, and that it was changed now.
pub async fn update(tx: &Transaction, row: &CategoryRow) -> Result<(), StoreError> {
    let statement = "
        UPDATE category SET external_key = $2, slug = $3, parent_id = $4, position = $5,
                            updated_at = now()
        WHERE id = $1";
    let CategoryRow { id, external_key, slug, parent_id, position } = row;
    tx.execute(statement, &[id, external_key, slug, parent_id, position]).await.map(drop)
}

/// How many living categories have this one as their parent.
pub async fn children(tx: &Transaction, id: Uuid) -> Result<i64, StoreError> {
    let statement = "
        SELECT count(*) FROM category WHERE parent_id = $1 AND deleted_at IS NULL";
    let row = tx.row(statement, &[&id]).await?;
    Ok(row.map_or(0, |row| row.get(0)))
}

/// At most `limit` living categories by slug, that come after this one.
pub async fn page(
    tx: &Transaction,
    after: &str,
    limit: i64,
) -> Result<Vec<CategoryLine>, StoreError> {
    let statement = "
        SELECT c.id, c.external_key, c.slug, c.parent_id, c.position, c.created_at, c.updated_at,
               v.version,
               (SELECT coalesce(jsonb_object_agg(t.locale, t.name), '{}')
                FROM category_translation t WHERE t.category_id = c.id) AS names
        FROM category c JOIN version v ON v.kind = 'category' AND v.id = c.id
        WHERE c.deleted_at IS NULL AND c.slug > $1
        ORDER BY c.slug LIMIT $2";
    Ok(tx.rows(statement, &[&after, &limit]).await?.iter().map(line).collect())
}

fn line(row: &Row) -> CategoryLine {
    let Json(names) = row.get("names");
    CategoryLine {
        row: CategoryRow {
            id: row.get("id"),
            external_key: row.get("external_key"),
            slug: row.get("slug"),
            parent_id: row.get("parent_id"),
            position: row.get("position"),
        },
        version: row.get("version"),
        names,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    }
}
