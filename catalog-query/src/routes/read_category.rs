//! `GET /v1/categories/{slug}`

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header::LOCATION};
use service_kit::problem::{Problem, ProblemQuery};

use super::get_product_by_slug::may_be_slug;
use crate::{
    app::App,
    freshness::Label,
    http::{Provenance, body_response, no_such, problem_response, read_problem, view_problem},
    listing::views::PlacedCategory,
    openapi::Moves,
    read::{LeadsTo, ReadError, Via, ViewParameters},
};

/// A category in a locale, with the categories above it from the top down and those just below it;
/// 308 to the current slug when this is an old one.
#[utoipa::path(
    get,
    path = "/v1/categories/{slug}",
    tag = "categories",
    params(("slug" = String, Path, description = "The category's slug."), ViewParameters),
    responses((status = 200, description = "The category.", body = PlacedCategory), Moves)
)]
pub async fn read_category(
    State(app): State<App>,
    Path(slug): Path<String>,
    ProblemQuery(view): ProblemQuery<ViewParameters>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let absent = || no_such("No category has this slug.");
    if !may_be_slug(&slug) {
        return Err(absent());
    }
    let rules = app.reader.rules().await.map_err(read_problem)?;
    let catalog = rules.entry.rules().ok_or_else(|| read_problem(ReadError::Unavailable))?;
    let locale = view.view(catalog).map_err(view_problem)?.locale;
    let found = app.reader.category_slug(Arc::from(slug)).await.map_err(read_problem)?;
    let id = match found.leads_to {
        LeadsTo::Category(id) => id,
        LeadsTo::Slug(slug) => {
            let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
            response.headers_mut().insert(LOCATION, location(&slug, &uri).ok_or_else(absent)?);
            provenance(&app, found.label, found.via).write(response.headers_mut());
            return Ok(response);
        }
        LeadsTo::Nothing => {
            return Ok(problem_response(absent(), &provenance(&app, found.label, found.via)));
        }
    };
    let answer = app.categories.category(id, &rules, locale).await.map_err(read_problem)?;
    let (label, via) = (answer.label.older(found.label), answer.via.farther(found.via));
    let provenance = provenance(&app, label, via);
    Ok(match answer.body {
        Some(body) => body_response(&body, &headers, &provenance),
        None => problem_response(absent(), &provenance),
    })
}

fn provenance(app: &App, label: Label, via: Via) -> Provenance {
    app.reader.metrics().answered(via.layer, label);
    Provenance { label, via, bound: app.reader.freshness().bound(), lapses_in: None }
}

/// The same question with the current slug.
fn location(slug: &str, uri: &Uri) -> Option<HeaderValue> {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    HeaderValue::try_from(format!("/v1/categories/{slug}{query}")).ok()
}
