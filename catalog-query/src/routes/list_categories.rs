//! `GET /v1/categories`

use axum::{extract::State, response::Response};
use http::HeaderMap;
use service_kit::problem::{Problem, ProblemQuery};

use crate::{
    app::App,
    http::{Provenance, body_response, read_problem, view_problem},
    listing::views::CategoryTreeView,
    openapi::Others,
    read::{ReadError, ViewParameters},
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
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let rules = app.reader.rules().await.map_err(read_problem)?;
    let catalog = rules.entry.rules().ok_or_else(|| read_problem(ReadError::Unavailable))?;
    let locale = view.view(catalog).map_err(view_problem)?.locale;
    let answer = app.categories.tree(&rules, locale).await.map_err(read_problem)?;
    app.reader.metrics().answered(answer.via.layer, answer.label);
    let provenance = Provenance {
        label: answer.label,
        via: answer.via,
        bound: app.reader.freshness().bound(),
        lapses_in: None,
    };
    Ok(body_response(&answer.body, &headers, &provenance))
}
