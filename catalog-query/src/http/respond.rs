//! Answers with their headers.

use std::time::Duration;

use axum::{
    body::Body as HttpBody,
    response::{IntoResponse as _, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG},
};
use jiff::Timestamp;
use service_kit::problem::Problem;

use super::{Provenance, accepted, is_unchanged};
use crate::{
    cache::{Body, Encoded, Rendered},
    read::{ProductAnswer, Reader},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A product, or that storefronts see none.
pub fn product_response(
    reader: &Reader,
    answer: &ProductAnswer,
    request: &HeaderMap,
    absent: impl FnOnce() -> Problem,
) -> Response {
    let rendered = &answer.rendered;
    let provenance = Provenance {
        label: answer.label,
        via: answer.via,
        bound: reader.freshness().bound(),
        lapses_in: lapses_in(rendered, reader.clock().wall()),
    };
    reader.metrics().answered(answer.via.layer, answer.label);
    match &rendered.body {
        None => problem_response(absent(), &provenance),
        Some(body) => {
            let encoding = accepted(request);
            let is_new = body.ready(encoding).is_none();
            let response = body_response(body, request, &provenance);
            if is_new {
                reader.rendered().weigh(rendered);
            }
            response
        }
    }
}

/// A body, or that the caller has it already.
pub fn body_response(body: &Body, request: &HeaderMap, provenance: &Provenance) -> Response {
    encoded_response(body.encoded(accepted(request)), request, provenance)
}

/// An error that is as cacheable as any answer: that something does not exist.
pub fn problem_response(problem: Problem, provenance: &Provenance) -> Response {
    let mut response = problem.into_response();
    provenance.write(response.headers_mut());
    response
}

/// An encoded body, or that the caller has it already.
pub(super) fn encoded_response(
    encoded: &Encoded,
    request: &HeaderMap,
    provenance: &Provenance,
) -> Response {
    let unchanged = is_unchanged(request, &encoded.etag);
    let body = if unchanged { HttpBody::empty() } else { HttpBody::from(encoded.bytes.clone()) };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.reserve(10);
    provenance.write(headers);
    headers.insert(ETAG, encoded.etag.clone());
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(CONTENT_TYPE, JSON);
    if let Some(name) = encoded.encoding.name() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

/// How long the clock lets it stand; `None` for good.
pub fn lapses_in(rendered: &Rendered, wall: Timestamp) -> Option<Duration> {
    lapses_at(rendered.valid_until, wall)
}

/// How long the clock lets stand what is valid until then; `None` for good.
pub fn lapses_at(valid_until: Option<Timestamp>, wall: Timestamp) -> Option<Duration> {
    let left = valid_until?.duration_since(wall);
    Some(Duration::try_from(left).unwrap_or_default())
}
