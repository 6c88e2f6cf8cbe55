//! Every route on one page.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use service_kit::http::{common, request_timeout};
use service_kit::problem::{method_not_allowed, not_found};
use service_kit::settings::HttpSettings;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::authenticate;
use crate::openapi::{self, Document};
use crate::routes::{
    create_category, create_import, create_product, delete_category, delete_product, get_category,
    get_import, get_product, get_product_stock, list_categories, list_category_revisions,
    list_product_revisions, list_products, move_stock, patch_category, patch_product,
    replace_category, replace_product,
};

use crate::session::with_token;

/// Where all documented routes are.
const PREFIX: &str = "/v1";

/// The whole service: `/v1` behind authentication, and its description.
pub fn build(app: App, http: &HttpSettings) -> Router {
    let (answering, _) = answering().split_for_parts();
    let (streaming, _) = streaming().split_for_parts();
    let authenticated = from_fn_with_state(app.clone(), authenticate);
    let giving_tokens = from_fn_with_state(app.sessions.clone(), with_token);
    let closed = |routes: Router<App>| {
        let routes = routes.method_not_allowed_fallback(method_not_allowed);
        routes.layer(giving_tokens.clone()).layer(authenticated.clone())
    };
    // The timeout is around authentication too, which may wait for the issuer's keys.
    let v1 = request_timeout(closed(answering), http.request_timeout)
        .merge(closed(streaming))
        .merge(closed(Router::new().fallback(not_found)))
        .with_state(app);
    let description = openapi::text(&description());
    let serve_description = async move || openapi::serve(description.clone());
    common(Router::new().nest(PREFIX, v1).route("/openapi.json", get(serve_description)), http)
}

/// The routes whose answer must begin within the request timeout.
fn answering() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_products::handle, create_product::handle))
        .routes(routes!(
            get_product::handle,
            replace_product::handle,
            patch_product::handle,
            delete_product::handle
        ))
        .routes(routes!(list_product_revisions::handle))
        .routes(routes!(get_product_stock::handle))
        .routes(routes!(list_categories::handle, create_category::handle))
        .routes(routes!(
            get_category::handle,
            replace_category::handle,
            patch_category::handle,
            delete_category::handle
        ))
        .routes(routes!(list_category_revisions::handle))
        .routes(routes!(move_stock::handle))
        .routes(routes!(get_import::handle))
}

/// The routes that read bodies of any length, or write them, in their own time.
fn streaming() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_import::handle))
}

/// What OpenAPI says of all routes.
pub fn description() -> utoipa::openapi::OpenApi {
    let routes = answering().merge(streaming()).into_openapi();
    openapi::with_sessions(openapi::with_named_items(Document::openapi().nest(PREFIX, routes)))
}
