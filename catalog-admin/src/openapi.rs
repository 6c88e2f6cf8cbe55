//! The description of the API, made from the code. `schema/openapi/catalog-admin.json` is a copy of
//! it; a test compares the two.

use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;
use service_kit::problem::ProblemDocument;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// What stands around the routes.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Vitrina catalog-admin",
        description = "Editors' reads and writes on the catalog.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ProblemDocument)),
    modifiers(&BearerToken),
    security(("token" = []))
)]
pub struct Document;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The description as it is committed and served.
pub fn text(document: &utoipa::openapi::OpenApi) -> String {
    let json = document.to_pretty_json();
    json.expect("the description has only text keys, so it can be written as JSON") + "\n"
}

/// The answer to `GET /openapi.json`.
pub fn serve(text: String) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], text)
}
