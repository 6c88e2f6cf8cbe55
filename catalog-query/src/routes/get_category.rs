//! `GET /v1/categories/{slug}`

use axum::{
    extract::{OriginalUri, Path, State, rejection::PathRejection},
    response::Response,
};
use http::HeaderMap;
use service_kit::problem::ProblemQuery;

use crate::{
    app::App,
    http::{Asked, Provenance, Refusal, body_response, moved, no_such, slug, view_refusal},
    listing::views::PlacedCategory,
    openapi::Moves,
    read::{LeadsTo, ViewParameters},
};

/// Where categories are found by slug.
const BY_SLUG: &str = "/v1/categories/";

/// A category in a locale, with the categories above it from the top down and those just below it;
/// 308 to the current slug when this is an old one.
#[utoipa::path(
    get,
    path = "/v1/categories/{slug}",
    tag = "categories",
    params(("slug" = String, Path, description = "The category's slug."), ViewParameters),
    responses((status = 200, description = "The category.", body = PlacedCategory), Moves)
)]
pub async fn get_category(
    State(app): State<App>,
    path: Result<Path<String>, PathRejection>,
    ProblemQuery(view): ProblemQuery<ViewParameters>,
    OriginalUri(uri): OriginalUri,
    Asked(demand): Asked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let absent = || no_such("No category has this slug.");
    let slug = slug(path).ok_or_else(absent)?;
    let chosen = app.reader.view(&view, &demand).await;
    let chosen = chosen.map_err(|error| view_refusal(&app.reader, error))?;
    let found = app.reader.category_slug(slug, &demand).await?;
    let provenance = |origin| Provenance::of(&app.reader, origin, None);
    let id = match found.leads_to {
        LeadsTo::Category(id) => id,
        LeadsTo::Slug(slug) => {
            let provenance = provenance(found.origin);
            return Ok(moved(BY_SLUG, &slug, &uri, &provenance).ok_or_else(absent)?);
        }
        LeadsTo::Nothing => return Err(Refusal::by_catalog(absent(), provenance(found.origin))),
    };
    let answer = app.categories.category(id, &chosen.rules, chosen.view.locale, &demand).await?;
    let origin = answer.origin.and(found.origin);
    match answer.body {
        Some(body) => Ok(body_response(&body, &headers, || provenance(origin)).await),
        None => Err(Refusal::by_catalog(absent(), provenance(origin))),
    }
}
