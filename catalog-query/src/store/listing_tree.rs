//! The categories as a tree: who stands below whom, and what each is called.

use std::collections::BTreeMap;

use catalog_core::view::Locale;
use deadpool_postgres::Object;
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use super::{Class, Place, Shown, Statement, StoreError, shown::columns};

/// A living category, without its descriptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeRow {
    /// Its id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// The category above it, living or not.
    pub parent_id: Option<Uuid>,
    /// Where among its siblings.
    pub position: i32,
    /// What it is called.
    pub names: BTreeMap<Locale, String>,
}

const CATEGORIES: &str = "
SELECT c.id, c.slug, c.parent_id, c.position, coalesce(n.names, '{}') AS names
FROM category c
LEFT JOIN (
    SELECT t.category_id, jsonb_object_agg(t.locale, t.name) AS names
    FROM category_translation t GROUP BY t.category_id
) n ON n.category_id = c.id
WHERE c.deleted_at IS NULL";

/// All living categories, in no order.
#[derive(Debug, Clone, Copy)]
pub struct Tree;

impl Statement for Tree {
    type Output = (Shown, Vec<TreeRow>);
    const CLASS: Class = Class::Lists;

    async fn run(&self, client: &Object, place: Place) -> Result<Self::Output, StoreError> {
        let shown = columns(place);
        let sql = format!("SELECT {shown}, l.* FROM history h LEFT JOIN ({CATEGORIES}) l ON true");
        let statement = client.prepare_cached(&sql).await?;
        let rows = client.query(&statement, &[]).await?;
        let shown = Shown::read(rows.first().ok_or(StoreError::NoHistory)?)?;
        let categories =
            rows.iter().filter_map(|row| category(row).transpose()).collect::<Result<_, _>>()?;
        Ok((shown, categories))
    }
}

/// A joined row; `None` where the join found none.
fn category(row: &Row) -> Result<Option<TreeRow>, StoreError> {
    let Some(id) = row.try_get("id")? else { return Ok(None) };
    Ok(Some(TreeRow {
        id,
        slug: row.try_get("slug")?,
        parent_id: row.try_get("parent_id")?,
        position: row.try_get("position")?,
        names: row.try_get::<_, Json<_>>("names")?.0,
    }))
}
