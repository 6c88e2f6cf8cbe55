//! The description of the API, made from the code. `schema/openapi/catalog-query.json` is a copy of
//! it; a test compares the two.

use std::collections::BTreeMap;

use axum::response::IntoResponse;
use catalog_core::render::ProductView;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use service_kit::problem::ProblemDocument;
use utoipa::{
    IntoResponses, OpenApi, ToSchema,
    openapi::{
        Content, Header, HeaderBuilder, Ref, RefOr, Required, Response, ResponseBuilder,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
    },
};
use uuid::Uuid;

use crate::listing::views::ProductPage;

/// What stands around the routes.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Vitrina catalog-query",
        description = "Storefronts' reads of the catalog. An answer is never older than the bound \
                       (2 s unless set otherwise) without saying so: its `Cache-Status` then has a \
                       negative `ttl`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "products", description = "Products with their variants: one, those named, or a page."),
        (name = "categories", description = "The tree of categories.")
    ),
    components(schemas(ProblemDocument)),
    servers((url = "/", description = "The process that describes itself.")),
    // Storefronts' reads are everyone's.
    security(())
)]
pub struct Document;

/// Products by id.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductsById {
    /// Those that storefronts see, in the order asked for.
    pub products: Vec<ProductView>,
    /// The ids of the others.
    pub missing: Vec<Uuid>,
}

/// What `GET /v1/products` gives.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Products {
    /// Without `ids`.
    Page(ProductPage),
    /// With `ids`.
    ById(ProductsById),
}

/// What every read may answer beside what it is asked for.
pub struct Others;

impl IntoResponses for Others {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [
            ("304", Response::new("The caller has it already, as its If-None-Match says.")),
            ("400", problem("A parameter is wrong; `errors` names it.")),
            ("503", later("It cannot be had now; Retry-After says when to come again.")),
        ]
        .into_iter()
        .map(|(status, response)| (status.to_owned(), response.into()))
        .collect()
    }
}

/// Beside [`Others`], that there is no such thing, or that it has moved.
pub struct Absences;

impl IntoResponses for Absences {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Others::responses();
        all.insert("404".to_owned(), problem("Storefronts see no such thing.").into());
        all
    }
}

/// Beside [`Absences`], that this slug is an old one.
pub struct Moves;

impl IntoResponses for Moves {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Absences::responses();
        let moved = ResponseBuilder::new()
            .description("The slug is an old one.")
            .header("Location", header("Where it is now."))
            .build();
        all.insert("308".to_owned(), moved.into());
        all
    }
}

fn later(description: &str) -> Response {
    let mut response = problem(description);
    response.headers.insert("Retry-After".to_owned(), header("Seconds to wait.").into());
    response
}

/// What each answer of the catalog says of itself, whether there is such a thing or not.
const HEADERS: [(&str, &str); 4] = [
    (
        "Cache-Status",
        "Which layer answered and what is left of the bound, in seconds; a negative `ttl` says that the answer is stale (RFC 9211).",
    ),
    ("Cache-Control", "How long others may keep the answer."),
    ("Age", "Seconds, rounded up, since it was last proven to be current."),
    ("Vary", "`accept-encoding, vitrina-session, vitrina-consistency`."),
];

/// What a request may ask beyond the bound.
const DEMANDS: [(&str, &str); 3] = [
    (
        "Vitrina-Session",
        "The token of an earlier answer: this one then has at least what its caller wrote and saw. Browsers send it in the cookie `vitrina_session`.",
    ),
    ("Vitrina-Consistency", "`strong`: as of a moment since the request, or 503."),
    (
        "Cache-Control",
        "`no-cache`: as of a moment since the request, if that can be had; lists stay within the bound.",
    ),
];

/// What an answer to a token has beside [`HEADERS`].
const OF_SESSIONS: [(&str, &str); 2] = [
    ("Vitrina-Session", "To a request with a token: the next one."),
    (
        "Vitrina-Session-Lost",
        "`?1` when the token was of a time before the primary's last crash or restore: what it tells of may be lost (RFC 9651).",
    ),
];

/// Adds the headers that answers have.
pub fn with_headers(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let mut reads: Vec<_> =
        document.paths.paths.values_mut().filter_map(|path| path.get.as_mut()).collect();
    for read in &mut reads {
        let demands = DEMANDS.map(|(name, description)| demand(name, description).into());
        read.parameters.get_or_insert_default().extend(demands);
    }
    for (status, response) in reads.into_iter().flat_map(|read| &mut read.responses.responses) {
        let RefOr::T(response) = response else { continue };
        if ["200", "304", "308", "404"].contains(&status.as_str()) {
            for (name, description) in HEADERS.into_iter().chain(OF_SESSIONS) {
                response.headers.insert(name.to_owned(), header(description).into());
            }
        }
        if ["200", "304"].contains(&status.as_str()) {
            let tag = header("Names this state, for If-None-Match.");
            response.headers.insert("ETag".to_owned(), tag.into());
        }
    }
    document
}

fn demand(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
        .build()
}

fn header(description: &str) -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String).build();
    HeaderBuilder::new().schema(Some(text)).description(Some(description)).build()
}

fn problem(description: &str) -> Response {
    let document = Ref::from_schema_name(ProblemDocument::name());
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", Content::new(Some(document)))
        .build()
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
