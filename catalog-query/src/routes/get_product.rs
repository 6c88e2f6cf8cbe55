//! `GET /v1/products/{id}`

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use catalog_core::render::ProductView;
use http::HeaderMap;
use service_kit::problem::ProblemQuery;
use uuid::Uuid;

use crate::{
    app::App,
    http::{Asked, Refusal, no_such, product_response, view_refusal},
    openapi::Absences,
    read::ViewParameters,
};

/// A product in a view.
#[utoipa::path(
    get,
    path = "/v1/products/{id}",
    tag = "products",
    params(("id" = Uuid, Path, description = "The product's id."), ViewParameters),
    responses((status = 200, description = "The product.", body = ProductView), Absences)
)]
pub async fn get_product(
    State(app): State<App>,
    id: Result<Path<String>, PathRejection>,
    ProblemQuery(view): ProblemQuery<ViewParameters>,
    Asked(demand): Asked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let absent = || no_such("No product with this id is on sale.");
    let id = id.ok().and_then(|Path(id)| parse_id(&id)).ok_or_else(absent)?;
    let chosen = app.reader.view(&view, &demand).await;
    let chosen = chosen.map_err(|error| view_refusal(&app.reader, error))?;
    let answer = app.reader.product(id, chosen.view, &demand).await?.shown_in(&chosen);
    Ok(product_response(&app.reader, &answer, &headers, absent).await)
}

/// An id in its one usual form; in any other it names nothing.
pub(super) fn parse_id(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}
