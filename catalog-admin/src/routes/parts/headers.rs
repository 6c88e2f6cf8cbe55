use axum::extract::FromRequestParts;
use http::HeaderName;
use http::header::IF_MATCH;
use http::request::Parts;
use service_kit::telemetry::Traceparent;

use crate::auth::Caller;
use crate::editing::Author;
use crate::error::Error;
use crate::etag::IfMatch;
use crate::session::Written;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST_KEY: usize = 255;

/// The state that the caller has read, from `If-Match`; without it a change is refused.
#[derive(Debug, Clone)]
pub(crate) struct Precondition(pub(crate) IfMatch);

impl<S: Send + Sync> FromRequestParts<S> for Precondition {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let given: Vec<&str> = parts
            .headers
            .get_all(IF_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        if given.iter().all(|value| value.trim().is_empty()) {
            return Err(Error::PreconditionRequired);
        }
        IfMatch::parse(&given.join(", ")).map(Self).ok_or_else(|| Error::Parameter {
            name: "If-Match",
            detail: "must be the ETag of the state that was read, in its quotes".to_owned(),
        })
    }
}

/// The key by which the caller may send the request again, from `Idempotency-Key`.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let Some(value) = parts.headers.get(IDEMPOTENCY_KEY) else {
            return Ok(Self(None));
        };
        let key = value.to_str().ok().map(str::trim);
        match key.filter(|key| (1..=LONGEST_KEY).contains(&key.len())) {
            Some(key) => Ok(Self(Some(key.to_owned()))),
            None => Err(Error::Parameter {
                name: "Idempotency-Key",
                detail: format!("must be 1 to {LONGEST_KEY} visible ASCII characters"),
            }),
        }
    }
}

/// Who makes the change, and in which trace.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    caller: Caller,
    traceparent: Option<Traceparent>,
    /// Where what it writes stands in the history.
    pub(crate) written: Written,
}

impl Origin {
    /// Whom the history names.
    pub(crate) fn author(&self) -> Author<'_> {
        Author {
            actor: &self.caller.subject,
            traceparent: self.traceparent.as_ref().map(Traceparent::as_str),
            written: &self.written,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let extensions = &parts.extensions;
        let written = extensions.get().cloned().unwrap_or_default();
        Ok(Self { caller, traceparent: extensions.get().cloned(), written })
    }
}
