//! `GET /v1/products/by-sku/{sku}`

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use catalog_core::render::ProductView;
use http::HeaderMap;
use service_kit::problem::{Problem, ProblemQuery};

use crate::{
    app::App,
    http::{Provenance, no_such, problem_response, product_response, read_problem, view_problem},
    openapi::Absences,
    read::ViewParameters,
};

const LONGEST_SKU: usize = 200;

/// The product whose living variant bears a SKU, in a view.
#[utoipa::path(
    get,
    path = "/v1/products/by-sku/{sku}",
    tag = "products",
    params(("sku" = String, Path, description = "A variant's SKU."), ViewParameters),
    responses((status = 200, description = "The product.", body = ProductView), Absences)
)]
pub async fn get_product_by_sku(
    State(app): State<App>,
    Path(sku): Path<String>,
    ProblemQuery(view): ProblemQuery<ViewParameters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let absent = || no_such("No product on sale has a variant with this SKU.");
    if !may_be_sku(&sku) {
        return Err(absent());
    }
    let view = app.reader.view(&view).await.map_err(view_problem)?;
    let found = app.reader.product_by_sku(Arc::from(sku), view).await.map_err(read_problem)?;
    Ok(match found {
        Ok(answer) => product_response(&app.reader, &answer, &headers, absent),
        Err(lookup) => {
            app.reader.metrics().answered(lookup.via.layer, lookup.label);
            let provenance = Provenance {
                label: lookup.label,
                via: lookup.via,
                bound: app.reader.freshness().bound(),
                lapses_in: None,
            };
            problem_response(absent(), &provenance)
        }
    })
}

/// Whether the catalog would take it as a SKU, so that it is worth looking for.
fn may_be_sku(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= LONGEST_SKU
        && !text.chars().any(char::is_control)
        && text.trim_matches(' ') == text
}
