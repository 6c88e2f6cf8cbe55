//! `GET /v1/categories/{id}`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::category::CategoryOutput;
use crate::editing::category::find;
use crate::error::Result;

use super::Problems;
use super::parts::answer;
use super::parts::id::CategoryId;

/// Reads a category as it is on the primary. What it answers can be edited and sent back.
#[utoipa::path(
    operation_id = "get_category",
    get, path = "/categories/{id}", tag = "categories",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = CategoryOutput, headers(("ETag" = String))), Problems),
)]
pub(crate) async fn handle(State(app): State<App>, CategoryId(id): CategoryId) -> Result<Response> {
    Ok(answer::tagged(find(&app.store, id).await?))
}
