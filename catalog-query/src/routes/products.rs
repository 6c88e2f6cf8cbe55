//! `GET /v1/products`: by `ids`, or by page.

use axum::{
    extract::{Request, State},
    handler::Handler as _,
    response::Response,
};

use super::get_products_by_ids;
use crate::app::App;

/// Those with the ids that are named, or a page of all.
pub async fn products(State(app): State<App>, request: Request) -> Response {
    get_products_by_ids.call(request, app).await
}
