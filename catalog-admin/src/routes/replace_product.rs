//! `PUT /v1/products/{id}`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::editing::Change;
use crate::editing::product::Product;
use crate::error::Result;
use crate::product::{ProductInput, ProductOutput};

use super::WriteProblems;
use super::parts::body::JsonBody;
use super::parts::headers::{Origin, Precondition};
use super::parts::id::Id;
use super::parts::write;

/// Replaces a product: what is left out is taken away, except stock.
///
/// One that is so already keeps its version and its tag.
#[utoipa::path(
    operation_id = "replace_product",
    put, path = "/products/{id}", tag = "products",
    params(
        ("id" = uuid::Uuid, Path, description = "The product's id"),
        ("If-Match" = String, Header, description = "The ETag of what was read"),
    ),
    request_body = ProductInput,
    responses((status = 200, description = "The product as it is now.", body = ProductOutput, headers(("ETag" = String))), WriteProblems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Product>,
    origin: Origin,
    precondition: Precondition,
    body: JsonBody,
) -> Result<Response> {
    write::change::<Product>(&app, &origin, id, precondition, Change::Replace(body.document)).await
}
