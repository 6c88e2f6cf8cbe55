use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{ETAG, LOCATION};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use crate::editing::{Created, Tagged};

const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A document with its tag.
pub(crate) fn tagged<T: Serialize>(tagged: Tagged<T>) -> Response {
    ([(ETAG, tagged.etag.to_string())], Json(tagged.document)).into_response()
}

/// 201 with the place and tag of what was created, below `collection`.
pub(crate) fn created(created: Created, collection: &str) -> Response {
    let headers = [(LOCATION, format!("/v1/{collection}/{}", created.id)), (ETAG, created.etag)];
    let answer = (StatusCode::CREATED, headers, Json(created.body)).into_response();
    marked(answer, created.replayed)
}

/// Says when it is the first answer again.
pub(crate) fn marked(mut answer: Response, replayed: bool) -> Response {
    if replayed {
        answer.headers_mut().insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    }
    answer
}
