//! `POST /v1/categories`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::category::{CategoryInput, CategoryOutput};
use crate::editing::category::{ROUTE, create};
use crate::editing::once::Once;
use crate::error::Result;

use super::WriteProblems;
use super::parts::answer;
use super::parts::body::JsonBody;
use super::parts::headers::{IdempotencyKey, Origin};

/// Creates a category.
///
/// With an `Idempotency-Key` the same request can be sent again: it gets the first answer, marked
/// by `Idempotency-Replayed: true`.
#[utoipa::path(
    operation_id = "create_category",
    post, path = "/categories", tag = "categories",
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's name for this request")),
    request_body = CategoryInput,
    responses(
        (status = 201, body = CategoryOutput, headers(("ETag" = String), ("Location" = String))),
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
    Ok(answer::created(created, "categories"))
}
