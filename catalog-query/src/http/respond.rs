//! Answers with their headers.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body as HttpBody,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG},
};
use jiff::Timestamp;
use service_kit::problem::Problem;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{Provenance, Refusal, accepted, is_unchanged};
use crate::{
    cache::{Body, Encoded, Encoding},
    read::{ProductAnswer, Reader},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A body above this takes milliseconds to encode.
const LARGE: usize = 32 * 1024;
/// So many large bodies are encoded at once, so that a burst of them leaves processors to the rest.
static LARGE_AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A product, or that storefronts see none.
pub async fn product_response(
    reader: &Reader,
    answer: &ProductAnswer,
    request: &HeaderMap,
    absent: impl FnOnce() -> Problem,
) -> Response {
    let rendered = &answer.rendered;
    let provenance = || Provenance::of(reader, answer.origin, rendered.valid_until);
    let Some(body) = &rendered.body else {
        return Refusal::by_catalog(absent(), provenance()).into_response();
    };
    let is_new = body.ready(accepted(request)).is_none();
    let response = body_response(body, request, provenance).await;
    if is_new {
        reader.rendered().weigh(rendered);
    }
    response
}

/// A body, or that the caller has it already. Its age is told when it has been encoded.
pub async fn body_response(
    body: &Arc<Body>,
    request: &HeaderMap,
    provenance: impl FnOnce() -> Provenance,
) -> Response {
    let encoding = accepted(request);
    if body.ready(encoding).is_none() && body.identity().bytes.len() > LARGE {
        encode_large(body, encoding).await;
    }
    encoded_response(body.encoded(encoding), request, &provenance()).map(HttpBody::from)
}

/// Away from the threads on which requests are answered. If that fails, it is encoded when it is
/// needed.
async fn encode_large(body: &Arc<Body>, encoding: Encoding) {
    let _turn = LARGE_AT_ONCE.acquire().await;
    if body.ready(encoding).is_none() {
        let body = Arc::clone(body);
        let encoded = spawn_blocking(move || {
            body.encoded(encoding);
        });
        let _ = encoded.await;
    }
}

/// An encoded body, or, without a body, that the caller has it already.
pub(super) fn encoded_response(
    encoded: &Encoded,
    request: &HeaderMap,
    provenance: &Provenance,
) -> http::Response<Bytes> {
    let unchanged = is_unchanged(request, &encoded.etag);
    let body = if unchanged { Bytes::new() } else { encoded.bytes.clone() };
    let mut response = http::Response::new(body);
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

/// How long the clock lets stand what is valid until then; `None` for good.
pub fn lapses_at(
    valid_until: Option<Timestamp>,
    wall: impl FnOnce() -> Timestamp,
) -> Option<Duration> {
    let left = valid_until?.duration_since(wall());
    Some(Duration::try_from(left).unwrap_or_default())
}
