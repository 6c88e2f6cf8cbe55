//! `POST /v1/products`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::editing::once::Once;
use crate::editing::product::{ROUTE, create};
use crate::error::Result;
use crate::product::{ProductInput, ProductOutput};

use super::WriteProblems;
use super::parts::answer;
use super::parts::body::JsonBody;
use super::parts::headers::{IdempotencyKey, Origin};

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
        (status = 201, body = ProductOutput, headers(("ETag" = String), ("Location" = String))),
        WriteProblems,
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    origin: Origin,
    IdempotencyKey(key): IdempotencyKey,
    body: JsonBody,
) -> Result<Response> {
    let once = key.map(|key| Once::new(ROUTE, key, &body.text, app.idempotency.ttl));
    let created = create(&app.store, origin.author(), &body.document, once.as_ref()).await?;
    Ok(answer::created(created, "products"))
}
