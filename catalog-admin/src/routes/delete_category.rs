//! `DELETE /v1/categories/{id}`

use axum::extract::State;
use http::StatusCode;

use crate::app::App;
use crate::editing::category::Category;
use crate::error::Result;

use super::WriteProblems;
use super::parts::headers::{Origin, Precondition};
use super::parts::id::Id;
use super::parts::write;

/// Deletes a category that has no subcategories. Its slug and external key become free; its id,
/// version and history stay.
#[utoipa::path(
    operation_id = "delete_category",
    delete, path = "/categories/{id}", tag = "categories",
    params(
        ("id" = uuid::Uuid, Path, description = "The category's id"),
        ("If-Match" = String, Header, description = "The ETag of what was read"),
    ),
    responses((status = 204, description = "It is deleted"), WriteProblems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Category>,
    origin: Origin,
    precondition: Precondition,
) -> Result<StatusCode> {
    write::delete::<Category>(&app, &origin, id, precondition).await
}
