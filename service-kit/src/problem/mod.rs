//! Errors as callers see them: RFC 9457 `application/problem+json`.

mod json;
mod kinds;
mod named_field;
mod query;

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::OriginalUri;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub use json::{JsonFailure, ProblemJson, decode};
pub use kinds::{
    BODY_TOO_LARGE, BROKEN_JSON, INTERNAL, INVALID_BODY, INVALID_PARAMETER, KINDS,
    METHOD_NOT_ALLOWED, NOT_FOUND, OVERLOADED, ProblemKind, TIMEOUT, UNAVAILABLE, UNREADABLE_BODY,
    UNSUPPORTED_MEDIA_TYPE,
};
pub use query::ProblemQuery;

/// The media type of every error.
pub const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// What is wrong with one field or parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where in the body: a JSON Pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// The name of the query parameter, path parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// What is wrong, and what would be right.
    detail: String,
}

impl FieldError {
    /// `pointer` is a JSON Pointer (RFC 6901) into the request's body.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), parameter: None, detail: detail.into() }
    }

    /// `parameter` is the name of a query parameter, path parameter or header.
    pub fn parameter(parameter: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: None, parameter: Some(parameter.into()), detail: detail.into() }
    }
}

/// The document of an error, as it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// `/problems/<slug>`: what callers may branch on.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, and what to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What this occurrence is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The fields or parameters that are wrong, all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
    /// Further members.
    #[serde(flatten)]
    pub extensions: BTreeMap<&'static str, Value>,
}

/// An error that a caller is told. The cause is logged by whoever makes it, and never told.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone, PartialEq)]
struct Inner {
    status: StatusCode,
    document: ProblemDocument,
    retry_after: Option<Duration>,
}

impl Problem {
    /// An occurrence of `kind`.
    pub fn new(kind: ProblemKind) -> Self {
        let document = ProblemDocument {
            kind: kind.uri(),
            title: kind.title.to_owned(),
            status: kind.status.as_u16(),
            detail: None,
            instance: None,
            errors: Vec::new(),
            extensions: BTreeMap::new(),
        };
        Self(Box::new(Inner { status: kind.status, document, retry_after: None }))
    }

    /// What happened this time: a sentence on which the caller can act.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.document.detail = Some(detail.into());
        self
    }

    /// What this occurrence is about, as a URI reference.
    #[must_use]
    pub fn instance(mut self, instance: impl Into<String>) -> Self {
        self.0.document.instance = Some(instance.into());
        self
    }

    /// Adds one wrong field or parameter.
    #[must_use]
    pub fn error(mut self, error: FieldError) -> Self {
        self.0.document.errors.push(error);
        self
    }

    /// Adds wrong fields or parameters.
    #[must_use]
    pub fn errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.0.document.errors.extend(errors);
        self
    }

    /// Adds a member of the caller's own, such as the versions that differ.
    #[must_use]
    pub fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.0.document.extensions.insert(member, value.into());
        self
    }

    /// Tells the caller when to come again, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The document as it is sent.
    pub fn document(&self) -> &ProblemDocument {
        &self.0.document
    }
}

impl From<ProblemKind> for Problem {
    fn from(kind: ProblemKind) -> Self {
        Self::new(kind)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.0.document)
            .expect("the document has only text keys, so it can be written as JSON");
        let mut response = (self.0.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, MEDIA_TYPE);
        if let Some(after) = self.0.retry_after {
            let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// For `Router::fallback`: there is no such path.
pub async fn not_found(OriginalUri(uri): OriginalUri) -> Problem {
    Problem::new(NOT_FOUND).detail(format!("There is nothing at {}.", uri.path()))
}

/// For `Router::method_not_allowed_fallback`; axum adds `Allow`.
pub async fn method_not_allowed(method: Method, OriginalUri(uri): OriginalUri) -> Problem {
    Problem::new(METHOD_NOT_ALLOWED).detail(format!(
        "{} does not take {method}; the Allow header names the methods that it takes.",
        uri.path()
    ))
}
