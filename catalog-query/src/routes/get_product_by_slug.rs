//! `GET /v1/products/by-slug/{slug}`

use axum::{
    extract::{OriginalUri, Path, State, rejection::PathRejection},
    response::Response,
};
use catalog_core::render::ProductView;
use http::HeaderMap;
use service_kit::problem::ProblemQuery;

use crate::{
    app::App,
    http::{Asked, Provenance, Refusal, moved, no_such, product_response, slug, view_refusal},
    openapi::Moves,
    read::{BySlug, ViewParameters},
};

/// Where products are found by slug.
const BY_SLUG: &str = "/v1/products/by-slug/";

/// The product that bears a slug, in a view; 308 to the current slug when it is an old one.
#[utoipa::path(
    get,
    path = "/v1/products/by-slug/{slug}",
    tag = "products",
    params(("slug" = String, Path, description = "The product's slug."), ViewParameters),
    responses((status = 200, description = "The product.", body = ProductView), Moves)
)]
pub async fn get_product_by_slug(
    State(app): State<App>,
    path: Result<Path<String>, PathRejection>,
    ProblemQuery(view): ProblemQuery<ViewParameters>,
    OriginalUri(uri): OriginalUri,
    Asked(demand): Asked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let absent = || no_such("No product on sale has this slug.");
    let slug = slug(path).ok_or_else(absent)?;
    let chosen = app.reader.view(&view, &demand).await;
    let chosen = chosen.map_err(|error| view_refusal(&app.reader, error))?;
    match app.reader.product_by_slug(slug, chosen.view, &demand).await? {
        BySlug::Product(answer) => {
            let answer = answer.shown_in(&chosen);
            Ok(product_response(&app.reader, &answer, &headers, absent).await)
        }
        BySlug::Moved { slug, origin } => {
            let origin = origin.and(chosen.rules.origin);
            let provenance = Provenance::of(&app.reader, origin, None);
            Ok(moved(BY_SLUG, &slug, &uri, &provenance).ok_or_else(absent)?)
        }
        BySlug::Absent(origin) => {
            let provenance = Provenance::of(&app.reader, origin, None);
            Err(Refusal::by_catalog(absent(), provenance))
        }
    }
}
