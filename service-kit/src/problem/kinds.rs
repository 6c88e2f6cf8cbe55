use axum::http::StatusCode;

/// A kind of problem: what callers may branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemKind {
    /// The end of its `type`, `/problems/<slug>`.
    pub slug: &'static str,
    /// The HTTP status that it always has.
    pub status: StatusCode,
    /// The kind in words.
    pub title: &'static str,
}

impl ProblemKind {
    /// A kind; for `const`s.
    pub const fn new(slug: &'static str, status: StatusCode, title: &'static str) -> Self {
        Self { slug, status, title }
    }

    /// Its `type`.
    pub fn uri(&self) -> String {
        format!("/problems/{}", self.slug)
    }
}

/// No such path, or no such thing.
pub const NOT_FOUND: ProblemKind =
    ProblemKind::new("not-found", StatusCode::NOT_FOUND, "Not found");
/// The path does not take the method.
pub const METHOD_NOT_ALLOWED: ProblemKind =
    ProblemKind::new("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "Method not allowed");
/// A query parameter or a header is wrong.
pub const INVALID_PARAMETER: ProblemKind =
    ProblemKind::new("invalid-parameter", StatusCode::BAD_REQUEST, "Invalid parameter");
/// The body is not JSON.
pub const BROKEN_JSON: ProblemKind =
    ProblemKind::new("broken-json", StatusCode::BAD_REQUEST, "Broken JSON");
/// The body's transfer broke off.
pub const UNREADABLE_BODY: ProblemKind =
    ProblemKind::new("unreadable-body", StatusCode::BAD_REQUEST, "Unreadable body");
/// The body is JSON, but fields in it are wrong.
pub const INVALID_BODY: ProblemKind =
    ProblemKind::new("invalid-body", StatusCode::UNPROCESSABLE_ENTITY, "Invalid body");
/// The body has another media type than those that are read here.
pub const UNSUPPORTED_MEDIA_TYPE: ProblemKind = ProblemKind::new(
    "unsupported-media-type",
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "Unsupported media type",
);
/// The body has too many bytes.
pub const BODY_TOO_LARGE: ProblemKind =
    ProblemKind::new("body-too-large", StatusCode::PAYLOAD_TOO_LARGE, "Body too large");
/// The answer was not there in time.
pub const TIMEOUT: ProblemKind =
    ProblemKind::new("timeout", StatusCode::SERVICE_UNAVAILABLE, "Timed out");
/// More requests than can be worked on.
pub const OVERLOADED: ProblemKind =
    ProblemKind::new("overloaded", StatusCode::SERVICE_UNAVAILABLE, "Overloaded");
/// What is needed for an answer cannot be reached.
pub const UNAVAILABLE: ProblemKind =
    ProblemKind::new("unavailable", StatusCode::SERVICE_UNAVAILABLE, "Unavailable");
/// A mistake of ours.
pub const INTERNAL: ProblemKind =
    ProblemKind::new("internal", StatusCode::INTERNAL_SERVER_ERROR, "Internal error");

/// All kinds that this crate makes, for the page that lists them.
pub const KINDS: [ProblemKind; 12] = [
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    INVALID_PARAMETER,
    BROKEN_JSON,
    UNREADABLE_BODY,
    INVALID_BODY,
    UNSUPPORTED_MEDIA_TYPE,
    BODY_TOO_LARGE,
    TIMEOUT,
    OVERLOADED,
    UNAVAILABLE,
    INTERNAL,
];
