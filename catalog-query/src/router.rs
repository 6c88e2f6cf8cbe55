//! Every route on one page.

use axum::{Router, middleware::from_fn_with_state, routing::get};
use service_kit::{
    http::{common, request_timeout},
    settings::HttpSettings,
};
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, http::with_demand, openapi, routes};

/// | path | gives |
/// |---|---|
/// | `/v1/products/{id}` | a product; mostly answered before the router, by `FastPath` |
/// | `/v1/products/by-slug/{slug}` | a product, or 308 when the slug is an old one |
/// | `/v1/products/by-sku/{sku}` | the product whose variant bears the SKU |
/// | `/v1/products?ids=` | up to 100 products |
/// | `/v1/products` | a page of all products or of a category's |
/// | `/v1/categories` | the tree of categories |
/// | `/v1/categories/{slug}` | a category in its place, or 308 when the slug is an old one |
/// | `/openapi.json` | the description of all this |
pub fn router(app: App, settings: &HttpSettings) -> Router {
    let (v1, _) = described().split_for_parts();
    let description = openapi::text(&description());
    let routes = v1
        .route_layer(from_fn_with_state(app.sessions.clone(), with_demand))
        .route("/openapi.json", get(async move || openapi::serve(description.clone())))
        .with_state(app);
    common(request_timeout(routes, settings.request_timeout), settings)
}

/// What OpenAPI says of all routes.
pub fn description() -> utoipa::openapi::OpenApi {
    openapi::with_headers(described().into_openapi())
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(routes::products::products))
        .routes(routes!(routes::get_product::get_product))
        .routes(routes!(routes::get_product_by_slug::get_product_by_slug))
        .routes(routes!(routes::get_product_by_sku::get_product_by_sku))
        .routes(routes!(routes::list_categories::list_categories))
        .routes(routes!(routes::get_category::get_category))
}
