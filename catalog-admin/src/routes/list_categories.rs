//! `GET /v1/categories`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use service_kit::problem::ProblemQuery;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::category::ParentReference;
use crate::editing::category::list;
use crate::error::Result;
use crate::store::category::{CategoryLine, CategoryRow};
use crate::value::Slug;

use super::Problems;
use super::parts::page::{Page, PageQuery, cursor, limit};

/// A category in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CategoryListed {
    /// Its id.
    id: Uuid,
    /// Its version.
    version: i64,
    /// Its key in the system that it came from.
    external_key: Option<String>,
    /// Its name in addresses.
    slug: String,
    /// The category above it.
    parent: Option<ParentReference>,
    /// Where among its siblings.
    position: i32,
    /// What it is called, by locale.
    names: BTreeMap<String, String>,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<CategoryLine> for CategoryListed {
    fn from(line: CategoryLine) -> Self {
        let CategoryLine { row, version, names, created_at, updated_at } = line;
        let CategoryRow { id, external_key, slug, parent_id, position } = row;
        let parent = parent_id.map(|id| ParentReference { id });
        Self { id, version, external_key, slug, parent, position, names, created_at, updated_at }
    }
}

/// Lists categories by slug.
#[utoipa::path(
    operation_id = "list_categories",
    get, path = "/categories", tag = "categories",
    params(PageQuery),
    responses((status = 200, description = "A page of categories.", body = Page<CategoryListed>), Problems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    ProblemQuery(query): ProblemQuery<PageQuery>,
) -> Result<Json<Page<CategoryListed>>> {
    let limit = limit(query.limit)?;
    let after: Option<Slug> = cursor(query.cursor.as_deref(), None)?;
    let after = after.as_ref().map_or("", Slug::as_str);
    let found = list(&app.store, after, limit + 1).await?;
    let items = found.into_iter().map(CategoryListed::from).collect();
    Ok(Json(Page::new(items, limit, |last: &CategoryListed| last.slug.clone())))
}
