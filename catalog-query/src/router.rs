//! Every route on one page.

use axum::{Router, routing::get};
use service_kit::{
    http::{common, request_timeout},
    settings::HttpSettings,
};

use crate::{app::App, routes};

/// | path | gives |
/// |---|---|
/// | `/v1/products/{id}` | a product; mostly answered before the router, by `FastPath` |
/// | `/v1/products/by-slug/{slug}` | a product, or 308 when the slug is an old one |
/// | `/v1/products/by-sku/{sku}` | the product whose variant bears the SKU |
/// | `/v1/products?ids=` | up to 100 products |
/// | `/v1/products` | a page of all products or of a category's |
pub fn router(app: App, settings: &HttpSettings) -> Router {
    let routes = Router::new()
        .route("/v1/products", get(routes::products))
        .route("/v1/products/{id}", get(routes::get_product))
        .route("/v1/products/by-slug/{slug}", get(routes::get_product_by_slug))
        .route("/v1/products/by-sku/{sku}", get(routes::get_product_by_sku))
        .with_state(app);
    common(request_timeout(routes, settings.request_timeout), settings)
}
