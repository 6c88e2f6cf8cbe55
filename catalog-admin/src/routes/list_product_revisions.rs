//! `GET /v1/products/{id}/revisions`

use axum::Json;
use axum::extract::State;
use catalog_core::key::EntityKey;
use service_kit::problem::ProblemQuery;

use crate::app::App;
use crate::editing::product::Product;
use crate::error::Result;

use super::Problems;
use super::parts::id::Id;
use super::parts::page::{Page, PageQuery};
use super::parts::revision::{RevisionOutput, page};

/// Lists the changes of a product, the last first; also of one that is deleted.
#[utoipa::path(
    operation_id = "list_product_revisions",
    get, path = "/products/{id}/revisions", tag = "products",
    params(("id" = uuid::Uuid, Path, description = "The product's id"), PageQuery),
    responses((status = 200, description = "A page of its history, the newest first.", body = Page<RevisionOutput>), Problems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Product>,
    ProblemQuery(query): ProblemQuery<PageQuery>,
) -> Result<Json<Page<RevisionOutput>>> {
    Ok(Json(page(&app.store, EntityKey::product(id), &query).await?))
}
