//! `PATCH /v1/products/{id}`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::editing::Change;
use crate::editing::product::Product;
use crate::error::Result;
use crate::product::ProductOutput;

use super::WriteProblems;
use super::parts::body::MergePatch;
use super::parts::headers::{Origin, Precondition};
use super::parts::id::Id;
use super::parts::write;

/// Changes members of a product by a merge patch (RFC 7396): null takes a member away, a list is
/// replaced whole.
#[utoipa::path(
    operation_id = "patch_product",
    patch, path = "/products/{id}", tag = "products",
    params(
        ("id" = uuid::Uuid, Path, description = "The product's id"),
        ("If-Match" = String, Header, description = "The ETag of what was read"),
    ),
    request_body(
        content = serde_json::Value,
        content_type = "application/merge-patch+json",
        description = "The members of ProductInput that change",
    ),
    responses((status = 200, description = "The product as it is now.", body = ProductOutput, headers(("ETag" = String))), WriteProblems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Product>,
    origin: Origin,
    precondition: Precondition,
    MergePatch(patch): MergePatch,
) -> Result<Response> {
    write::change::<Product>(&app, &origin, id, precondition, Change::Patch(patch)).await
}
