//! `POST /v1/products`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::editing::product::Product;
use crate::error::Result;
use crate::product::{ProductInput, ProductOutput};

use super::WriteProblems;
use super::parts::body::JsonBody;
use super::parts::headers::{IdempotencyKey, Origin};
use super::parts::write;

/// Creates a product with all that belongs to it.
///
/// With an `Idempotency-Key` the same request can be sent again: it gets the first answer, marked
/// by `Idempotency-Replayed: true`.
#[utoipa::path(
    operation_id = "create_product",
    post, path = "/products", tag = "products",
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's name for this request")),
    request_body = ProductInput,
    responses(
        (status = 201, description = "The product as it is now.", body = ProductOutput, headers(("ETag" = String), ("Location" = String))),
        WriteProblems,
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    origin: Origin,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response> {
    write::create::<Product>(&app, &origin, key, &body).await
}
