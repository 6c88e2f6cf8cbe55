//! `PATCH /v1/categories/{id}`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::category::CategoryOutput;
use crate::editing::Change;
use crate::editing::category::Category;
use crate::error::Result;

use super::WriteProblems;
use super::parts::body::MergePatch;
use super::parts::headers::{Origin, Precondition};
use super::parts::id::Id;
use super::parts::write;

/// Changes members of a category by a merge patch (RFC 7396): null takes a member away, a list is
/// replaced whole.
#[utoipa::path(
    operation_id = "patch_category",
    patch, path = "/categories/{id}", tag = "categories",
    params(
        ("id" = uuid::Uuid, Path, description = "The category's id"),
        ("If-Match" = String, Header, description = "The ETag of what was read"),
    ),
    request_body(
        content = serde_json::Value,
        content_type = "application/merge-patch+json",
        description = "The members of CategoryInput that change",
    ),
    responses((status = 200, description = "The category as it is now.", body = CategoryOutput, headers(("ETag" = String))), WriteProblems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Category>,
    origin: Origin,
    precondition: Precondition,
    MergePatch(patch): MergePatch,
) -> Result<Response> {
    write::change::<Category>(&app, &origin, id, precondition, Change::Patch(patch)).await
}
