//! `DELETE /v1/categories/{id}`

use axum::extract::State;
use http::StatusCode;

use crate::app::App;
use crate::editing::category::delete;
use crate::error::Result;

use super::WriteProblems;
use super::parts::headers::{Origin, Precondition};
use super::parts::id::CategoryId;

/// Deletes a category that has no subcategories. Its slug and external key become free; its id,
/// version and history stay.
#[utoipa::path(
    operation_id = "delete_category",
    delete, path = "/categories/{id}", tag = "categories",
    params(
        ("id" = uuid::Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag of what was read"),
    ),
    responses((status = 204, description = "It is deleted"), WriteProblems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    CategoryId(id): CategoryId,
    origin: Origin,
    Precondition(if_match): Precondition,
) -> Result<StatusCode> {
    delete(&app.store, origin.author(), id, &if_match).await?;
    Ok(StatusCode::NO_CONTENT)
}
