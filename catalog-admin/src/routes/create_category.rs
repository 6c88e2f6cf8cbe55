//! `POST /v1/categories`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::category::{CategoryInput, CategoryOutput};
use crate::editing::category::Category;
use crate::error::Result;

use super::WriteProblems;
use super::parts::body::JsonBody;
use super::parts::headers::{IdempotencyKey, Origin};
use super::parts::write;

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
        (status = 201, description = "The category as it is now.", body = CategoryOutput, headers(("ETag" = String), ("Location" = String))),
        WriteProblems,
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    origin: Origin,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response> {
    write::create::<Category>(&app, &origin, key, &body).await
}
