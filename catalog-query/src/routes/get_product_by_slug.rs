//! `GET /v1/products/by-slug/{slug}`

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Path, State},
    response::{IntoResponse as _, Response},
};
use catalog_core::render::ProductView;
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header::LOCATION};
use service_kit::problem::{Problem, ProblemQuery};

use crate::{
    app::App,
    freshness::Label,
    http::{Provenance, no_such, problem_response, product_response, read_problem, view_problem},
    openapi::Moves,
    read::{BySlug, Via, ViewParameters},
};

const LONGEST_SLUG: usize = 200;

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
    Path(slug): Path<String>,
    ProblemQuery(view): ProblemQuery<ViewParameters>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let absent = || no_such("No product on sale has this slug.");
    if !may_be_slug(&slug) {
        return Err(absent());
    }
    let view = app.reader.view(&view).await.map_err(view_problem)?;
    let found = app.reader.product_by_slug(Arc::from(slug), view).await.map_err(read_problem)?;
    Ok(match found {
        BySlug::Product(answer) => product_response(&app.reader, &answer, &headers, absent),
        BySlug::Moved { slug, label, via } => {
            let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
            let location = location(&slug, &uri).ok_or_else(absent)?;
            response.headers_mut().insert(LOCATION, location);
            provenance(&app, label, via).write(response.headers_mut());
            response
        }
        BySlug::Absent { label, via } => problem_response(absent(), &provenance(&app, label, via)),
    })
}

fn provenance(app: &App, label: Label, via: Via) -> Provenance {
    app.reader.metrics().answered(via.layer, label);
    Provenance { label, via, bound: app.reader.freshness().bound(), lapses_in: None }
}

/// The same question with the current slug.
fn location(slug: &str, uri: &Uri) -> Option<HeaderValue> {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    HeaderValue::try_from(format!("/v1/products/by-slug/{slug}{query}")).ok()
}

/// Whether the catalog would take it as a slug, so that it is worth looking for.
pub(super) fn may_be_slug(text: &str) -> bool {
    text.len() <= LONGEST_SLUG
        && text.split('-').all(|word| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_catalog_takes_as_a_slug_is_looked_for() {
        assert!(may_be_slug("wool-sock-2"));
        for wrong in ["", "-a", "a-", "a--b", "Wool", "a b", "a\0b", "é"] {
            assert!(!may_be_slug(wrong), "{wrong:?}");
        }
        assert!(!may_be_slug(&"a".repeat(201)));
    }

    #[test]
    fn the_query_goes_with_the_redirect() {
        let uri = "/v1/products/by-slug/old?locale=de&currency=EUR".parse().unwrap();
        let location = location("new", &uri).unwrap();
        assert_eq!(location, "/v1/products/by-slug/new?locale=de&currency=EUR");
    }
}
