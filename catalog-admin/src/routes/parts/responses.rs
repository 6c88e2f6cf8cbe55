use std::collections::BTreeMap;

use service_kit::problem::{MEDIA_TYPE, ProblemDocument};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// The problems that every route can answer with, for OpenAPI.
#[derive(Debug)]
pub(crate) struct Problems;

/// The problems of routes that write, for OpenAPI.
#[derive(Debug)]
pub(crate) struct WriteProblems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described(&[
            ("400", "A parameter is wrong"),
            ("401", "No token, or one that is refused"),
            ("403", "The token's role is not enough"),
            ("404", "There is no such thing"),
            ("503", "The catalog cannot be reached, or there is too much to do: try again"),
        ])
    }
}

impl IntoResponses for WriteProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Problems::responses();
        all.extend(described(&[
            ("400", "A parameter or header is wrong, or the JSON is broken: it says where"),
            ("409", "What must be unique is another's, or the change contradicts what there is"),
            ("412", "It was changed since it was read: both versions are told"),
            ("413", "The body is too large"),
            ("415", "The body has another media type"),
            ("422", "Fields are wrong, all of them told by JSON Pointer"),
            ("428", "A change needs If-Match"),
        ]));
        all
    }
}

fn described(problems: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let media_type = MEDIA_TYPE.to_str().expect("the constant is ASCII").to_owned();
    let problem = |(status, description): &(&str, &str)| {
        let schema = Ref::from_schema_name(ProblemDocument::name());
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response =
            ResponseBuilder::new().description(*description).content(&media_type, content).build();
        ((*status).to_owned(), RefOr::T(response))
    };
    problems.iter().map(problem).collect()
}
