//! `PUT /v1/categories/{id}`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::category::{CategoryInput, CategoryOutput};
use crate::editing::Change;
use crate::editing::category::change;
use crate::error::Result;

use super::WriteProblems;
use super::parts::answer;
use super::parts::body::JsonBody;
use super::parts::headers::{Origin, Precondition};
use super::parts::id::CategoryId;

/// Replaces a category: what is left out is taken away.
///
/// One that is so already keeps its version and its tag.
#[utoipa::path(
    operation_id = "replace_category",
    put, path = "/categories/{id}", tag = "categories",
    params(
        ("id" = uuid::Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag of what was read"),
    ),
    request_body = CategoryInput,
    responses((status = 200, body = CategoryOutput, headers(("ETag" = String))), WriteProblems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    CategoryId(id): CategoryId,
    origin: Origin,
    Precondition(if_match): Precondition,
    body: JsonBody,
) -> Result<Response> {
    let wanted = Change::Replace(body.document);
    let changed = change(&app.store, origin.author(), id, &if_match, &wanted).await?;
    Ok(answer::tagged(changed))
}
