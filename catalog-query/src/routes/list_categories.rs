//! `GET /v1/categories`

use axum::{extract::State, response::Response};
use http::HeaderMap;
use service_kit::problem::ProblemQuery;

use crate::{
    app::App,
    http::{Asked, Provenance, Refusal, body_response, view_refusal},
    listing::views::CategoryTreeView,
    openapi::Others,
    read::ViewParameters,
};

/// All living categories as a tree, in a locale.
#[utoipa::path(
    get,
    path = "/v1/categories",
    tag = "categories",
    params(ViewParameters),
    responses((status = 200, description = "The tree.", body = CategoryTreeView), Others)
)]
pub async fn list_categories(
    State(app): State<App>,
    ProblemQuery(view): ProblemQuery<ViewParameters>,
    Asked(demand): Asked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let chosen = app.reader.view(&view, &demand).await;
    let chosen = chosen.map_err(|error| view_refusal(&app.reader, error))?;
    let answer = app.categories.tree(&chosen.rules, chosen.view.locale, &demand).await?;
    let provenance = || Provenance::of(&app.reader, answer.origin, None);
    Ok(body_response(&answer.body, &headers, provenance).await)
}
