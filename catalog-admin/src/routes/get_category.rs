//! `GET /v1/categories/{id}`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::category::CategoryOutput;
use crate::editing::category::Category;
use crate::editing::find;
use crate::error::Result;

use super::Problems;
use super::parts::answer;
use super::parts::id::Id;

/// Reads a category as it is on the primary. What it answers can be edited and sent back.
#[utoipa::path(
    operation_id = "get_category",
    get, path = "/categories/{id}", tag = "categories",
    params(("id" = uuid::Uuid, Path, description = "The category's id")),
    responses((status = 200, description = "The category.", body = CategoryOutput, headers(("ETag" = String))), Problems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Category>,
) -> Result<Response> {
    Ok(answer::tagged(find::<Category>(&app.store, id).await?))
}
