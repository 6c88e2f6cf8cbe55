//! `GET /v1/products`: by `ids`, or by page.

use axum::{
    extract::{Request, State},
    handler::Handler as _,
    response::{IntoResponse as _, Response},
};
use service_kit::problem::{FieldError, INVALID_PARAMETER, Problem};

use super::{
    get_products_by_ids::{IdsQuery, get_products_by_ids},
    list_products::{ListQuery, list_products},
};
use crate::{
    app::App,
    openapi::{Others, Products},
};

/// What only pages have.
const OF_PAGES: [&str; 4] = ["category", "sort", "limit", "cursor"];

/// Products by id, or a page of all products or of those in a category and below it.
///
/// With `ids`: those that storefronts see in the order asked for, and the ids of the others. Without:
/// a page of those that storefronts see now. What vanishes while a page is put together is left out,
/// so a page may be shorter than its limit; only the last one has no `next_cursor`.
#[utoipa::path(
    get,
    path = "/v1/products",
    tag = "products",
    params(IdsQuery, ListQuery),
    responses((status = 200, description = "The products.", body = Products), Others)
)]
pub async fn products(State(app): State<App>, request: Request) -> Response {
    let names: Vec<_> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .map(|(name, _)| name.into_owned())
            .collect();
    if !names.iter().any(|name| name == "ids") {
        return list_products.call(request, app).await;
    }
    match OF_PAGES.iter().find(|of_pages| names.iter().any(|name| name == *of_pages)) {
        None => get_products_by_ids.call(request, app).await,
        Some(name) => Problem::new(INVALID_PARAMETER)
            .error(FieldError::parameter(*name, "cannot stand beside ids: leave one of them out"))
            .into_response(),
    }
}
