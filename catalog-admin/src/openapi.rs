//! The description of the API, made from the code. `schema/openapi/catalog-admin.json` is a copy of
//! it; a test compares the two.

use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;
use service_kit::problem::ProblemDocument;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{HeaderBuilder, Ref, RefOr, Required, Schema};
use utoipa::{Modify, OpenApi};

/// What stands around the routes.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Vitrina catalog-admin",
        description = "Editors' reads and writes on the catalog.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "products", description = "Products with their variants, and what they were."),
        (name = "categories", description = "The tree of categories."),
        (name = "stock", description = "What is in stock, and what has come and gone."),
        (name = "imports", description = "Many products at once.")
    ),
    components(schemas(ProblemDocument)),
    modifiers(&BearerToken),
    security(("token" = [])),
    servers((url = "/", description = "The process that describes itself."))
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

/// Names what pages have in them, which `utoipa` writes out in each page once more.
pub fn with_named_items(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let schemas = &mut document.components.get_or_insert_default().schemas;
    let names: Vec<_> = schemas.keys().cloned().collect();
    for (name, schema) in schemas {
        let Some(item) =
            name.strip_prefix("Page_").filter(|item| names.iter().any(|it| it == item))
        else {
            continue;
        };
        if let RefOr::T(Schema::Object(page)) = schema
            && let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
        {
            items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
        }
    }
    document
}

/// Adds the token that callers bring to writes and are given with their answers.
pub fn with_sessions(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let text = || ObjectBuilder::new().schema_type(Type::String).build();
    for path in document.paths.paths.values_mut() {
        let writes = [&mut path.post, &mut path.put, &mut path.patch, &mut path.delete];
        for write in writes.into_iter().flatten() {
            let parameter = ParameterBuilder::new()
                .name("Vitrina-Session")
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some("The token of an earlier answer, which the answer's carries on. Browsers send it in the cookie `vitrina_session`."))
                .schema(Some(text()))
                .build();
            write.parameters.get_or_insert_default().push(parameter.into());
            for (status, response) in &mut write.responses.responses {
                if let (true, RefOr::T(response)) = (status.starts_with('2'), response) {
                    let description = "A token: brought to catalog-query, it is answered with what was written. The cookie `vitrina_session` is the same.";
                    let header =
                        HeaderBuilder::new().schema(Some(text())).description(Some(description));
                    response.headers.insert("Vitrina-Session".to_owned(), header.build().into());
                    let lost = "`?1` when the request's token was of a time before the primary's last crash or restore: what it tells of may be lost (RFC 9651).";
                    let lost = HeaderBuilder::new().schema(Some(text())).description(Some(lost));
                    response.headers.insert("Vitrina-Session-Lost".to_owned(), lost.build().into());
                }
            }
        }
    }
    document
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
