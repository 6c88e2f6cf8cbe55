use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::blocking;
use crate::error::Error;
use crate::json;

/// A JSON body: parsed, and as it came.
#[derive(Debug, Clone)]
pub(crate) struct JsonBody {
    pub(crate) document: Value,
    pub(crate) text: Bytes,
}

/// A merge patch (RFC 7396).
#[derive(Debug, Clone)]
pub(crate) struct MergePatch(pub(crate) Value);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        read(request, state, "application/json").await
    }
}

impl<S: Send + Sync> FromRequest<S> for MergePatch {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let body = read(request, state, "application/merge-patch+json").await?;
        Ok(Self(body.document))
    }
}

async fn read<S: Send + Sync>(
    request: Request,
    state: &S,
    takes: &'static str,
) -> Result<JsonBody, Error> {
    if !has_type(request.headers(), takes) {
        return Err(Error::MediaType { takes });
    }
    let text = Bytes::from_request(request, state).await.map_err(Error::Body)?;
    let given = text.clone();
    Ok(JsonBody { document: blocking::run(move || json::parse(&given)).await?, text })
}

/// Whether the media type is this one, whatever its parameters (`charset=utf-8`).
pub(in crate::routes) fn has_type(headers: &HeaderMap, wanted: &str) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = given.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted))
}
