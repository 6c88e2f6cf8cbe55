//! `GET /v1/products/by-sku/{sku}`

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use catalog_core::render::ProductView;
use http::HeaderMap;
use service_kit::problem::ProblemQuery;

use crate::{
    app::App,
    http::{Asked, Provenance, Refusal, no_such, product_response, view_refusal},
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
    sku: Result<Path<String>, PathRejection>,
    ProblemQuery(view): ProblemQuery<ViewParameters>,
    Asked(demand): Asked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let absent = || no_such("No product on sale has a variant with this SKU.");
    let sku = sku.ok().filter(|Path(sku)| may_be_sku(sku)).ok_or_else(absent)?;
    let chosen = app.reader.view(&view, &demand).await;
    let chosen = chosen.map_err(|error| view_refusal(&app.reader, error))?;
    match app.reader.product_by_sku(Arc::from(sku.0), chosen.view, &demand).await? {
        Ok(answer) => {
            let answer = answer.shown_in(&chosen);
            Ok(product_response(&app.reader, &answer, &headers, absent).await)
        }
        Err(lookup) => {
            let provenance = Provenance::of(&app.reader, lookup.origin, None);
            Err(Refusal::by_catalog(absent(), provenance))
        }
    }
}

/// Whether the catalog would take it as a SKU, so that it is worth looking for.
fn may_be_sku(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= LONGEST_SKU
        && !text.chars().any(char::is_control)
        && text.trim_matches(' ') == text
}
