//! `PUT /v1/categories/{id}`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::category::{CategoryInput, CategoryOutput};
use crate::editing::Change;
use crate::editing::category::Category;
use crate::error::Result;

use super::WriteProblems;
use super::parts::body::JsonBody;
use super::parts::headers::{Origin, Precondition};
use super::parts::id::Id;
use super::parts::write;

/// Replaces a category: what is left out is taken away.
///
/// One that is so already keeps its version and its tag.
#[utoipa::path(
    operation_id = "replace_category",
    put, path = "/categories/{id}", tag = "categories",
    params(
        ("id" = uuid::Uuid, Path, description = "The category's id"),
        ("If-Match" = String, Header, description = "The ETag of what was read"),
    ),
    request_body = CategoryInput,
    responses((status = 200, description = "The category as it is now.", body = CategoryOutput, headers(("ETag" = String))), WriteProblems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Category>,
    origin: Origin,
    precondition: Precondition,
    body: JsonBody,
) -> Result<Response> {
    write::change::<Category>(&app, &origin, id, precondition, Change::Replace(body.document)).await
}
