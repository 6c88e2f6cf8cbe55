//! `GET /v1/products/{id}`

use axum::{
    extract::{Path, State},
    response::Response,
};
use catalog_core::render::ProductView;
use http::HeaderMap;
use service_kit::problem::{Problem, ProblemQuery};
use uuid::Uuid;

use crate::{
    app::App,
    http::{no_such, product_response, read_problem, view_problem},
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
    Path(id): Path<String>,
    ProblemQuery(view): ProblemQuery<ViewParameters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let absent = || no_such("No product with this id is on sale.");
    let id = parse_id(&id).ok_or_else(absent)?;
    let view = app.reader.view(&view).await.map_err(view_problem)?;
    let answer = app.reader.product(id, view).await.map_err(read_problem)?;
    Ok(product_response(&app.reader, &answer, &headers, absent))
}

/// An id in its one usual form; in any other it names nothing.
pub(super) fn parse_id(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}
