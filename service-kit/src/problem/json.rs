use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use super::named_field::named_field;
use super::{
    BODY_TOO_LARGE, BROKEN_JSON, FieldError, INVALID_BODY, Problem, UNREADABLE_BODY,
    UNSUPPORTED_MEDIA_TYPE,
};

/// A JSON body; what is wrong with it is told as a [`Problem`]: 415 when it is not JSON by its
/// media type (`application/json` or `application/<…>+json`), 413 when it is longer than the
/// route's `DefaultBodyLimit`, 400 with line and column when it is broken, 422 with a JSON Pointer
/// when a field is wrong.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProblemJson<T>(pub T);

impl<T, S> FromRequest<S> for ProblemJson<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(UNSUPPORTED_MEDIA_TYPE)
                .detail("Send the body as JSON, with Content-Type: application/json."));
        }
        let body = Bytes::from_request(request, state).await?;
        Ok(Self(decode(&body)?))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|essence| essence.trim().to_ascii_lowercase());
    essence.is_some_and(|essence| {
        let subtype = essence.strip_prefix("application/");
        subtype.is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
    })
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(BODY_TOO_LARGE)
                .detail("The body has more bytes than this address takes: send less at once."),
            _ => Self::new(UNREADABLE_BODY).detail("The body broke off: send it again."),
        }
    }
}

/// Why [`decode`] failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonFailure {
    /// The text is not JSON.
    #[error("The JSON is broken at line {line}, column {column}: {reason}.")]
    Broken {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the parser says.
        reason: String,
    },
    /// The text is JSON, but a field of it is wrong.
    #[error("{pointer}: {reason}")]
    Field {
        /// The field's JSON Pointer.
        pointer: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<JsonFailure> for Problem {
    fn from(failure: JsonFailure) -> Self {
        match failure {
            JsonFailure::Broken { line, column, .. } => Self::new(BROKEN_JSON)
                .detail(failure.to_string())
                .with("line", line)
                .with("column", column),
            JsonFailure::Field { pointer, reason } => {
                Self::new(INVALID_BODY).error(FieldError::at(pointer, reason))
            }
        }
    }
}

/// Reads one JSON text, telling where it is wrong.
pub fn decode<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonFailure> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| failure(&pointer(error.path()), error.inner()))?;
    deserializer.end().map_err(|error| failure("", &error))?;
    Ok(value)
}

fn failure(pointer: &str, error: &serde_json::Error) -> JsonFailure {
    let reason = reason(error);
    match error.classify() {
        Category::Data => {
            JsonFailure::Field { pointer: with_named_field(pointer, &reason), reason }
        }
        Category::Syntax | Category::Eof | Category::Io => {
            JsonFailure::Broken { line: error.line(), column: error.column(), reason }
        }
    }
}

/// What the error says, without the place that `serde_json` puts after it.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

fn with_named_field(pointer: &str, reason: &str) -> String {
    match named_field(reason).map(escape) {
        Some(field) if !pointer.ends_with(&format!("/{field}")) => format!("{pointer}/{field}"),
        _ => pointer.to_owned(),
    }
}

fn pointer(path: &Path) -> String {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escape(key))),
            // A variant's name stands in the text only as a key, which is a segment of its own.
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// RFC 6901: `~` and `/` inside a name.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
