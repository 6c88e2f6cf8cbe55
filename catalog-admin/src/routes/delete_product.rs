//! `DELETE /v1/products/{id}`

use axum::extract::State;
use http::StatusCode;

use crate::app::App;
use crate::editing::product::Product;
use crate::error::Result;

use super::WriteProblems;
use super::parts::headers::{Origin, Precondition};
use super::parts::id::Id;
use super::parts::write;

/// Deletes a product. Its slug, SKUs and external key become free; its id, version and history stay.
#[utoipa::path(
    operation_id = "delete_product",
    delete, path = "/products/{id}", tag = "products",
    params(
        ("id" = uuid::Uuid, Path, description = "The product's id"),
        ("If-Match" = String, Header, description = "The ETag of what was read"),
    ),
    responses((status = 204, description = "It is deleted"), WriteProblems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Product>,
    origin: Origin,
    precondition: Precondition,
) -> Result<StatusCode> {
    write::delete::<Product>(&app, &origin, id, precondition).await
}
