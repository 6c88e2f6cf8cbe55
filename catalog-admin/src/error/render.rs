use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::WWW_AUTHENTICATE;
use serde_json::{Value, json};
use service_kit::problem::{
    BROKEN_JSON, FieldError as Told, INTERNAL, INVALID_BODY, INVALID_PARAMETER, NOT_FOUND, Problem,
    UNAVAILABLE, UNREADABLE_BODY, UNSUPPORTED_MEDIA_TYPE,
};

use crate::auth::AuthError;
use crate::editing::conflict::Taken;
use crate::etag::Etag;
use crate::field::FieldError;
use crate::import::{Failure, ImportError};
use crate::store::StoreError;

use super::Error;
use super::kinds::{
    CATEGORY_CYCLE, CATEGORY_NOT_EMPTY, FORBIDDEN, IDEMPOTENCY_KEY_REUSED, INSUFFICIENT_STOCK,
    PRECONDITION_REQUIRED, TAKEN, UNAUTHENTICATED, VERSION_CONFLICT,
};

const RETRY_AFTER: Duration = Duration::from_secs(2);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let challenge = match &self {
            Self::Auth(AuthError::Missing) => Some(HeaderValue::from_static("Bearer")),
            Self::Auth(AuthError::Refused(_)) => {
                Some(HeaderValue::from_static("Bearer error=\"invalid_token\""))
            }
            Self::Auth(AuthError::Forbidden { .. }) => {
                Some(HeaderValue::from_static("Bearer error=\"insufficient_scope\""))
            }
            _ => None,
        };
        let mut response = Problem::from(self).into_response();
        if let Some(challenge) = challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// From error to status, all of them; the cause goes to the log, here and once.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { what, id } => {
                Self::new(NOT_FOUND).detail(format!("There is no {what} {id}."))
            }
            Error::Parameter { name, detail } => {
                Self::new(INVALID_PARAMETER).error(Told::parameter(name, detail))
            }
            Error::PreconditionRequired => Self::new(PRECONDITION_REQUIRED).detail(
                "Read it first, and send the ETag that came with it as If-Match, so that nobody \
                 else's change is overwritten.",
            ),
            Error::VersionConflict { current, given } => version_conflict(current, &given),
            Error::MediaType { takes } => Self::new(UNSUPPORTED_MEDIA_TYPE)
                .detail(format!("Send the body with Content-Type: {takes}.")),
            Error::Body(rejection) => Self::from(rejection),
            Error::BrokenJson(broken) => Self::new(BROKEN_JSON)
                .detail(broken.to_string())
                .with("line", broken.line)
                .with("column", broken.column),
            Error::Fields(wrong) => Self::new(INVALID_BODY).errors(wrong.into_iter().map(told)),
            Error::Taken(taken) => already_taken(taken),
            Error::CategoryCycle => Self::new(CATEGORY_CYCLE)
                .detail("The category would become its own ancestor: give it another parent.")
                .error(Told::at("/parent", "is the category itself, or below it")),
            Error::CategoryHasChildren(count) => Self::new(CATEGORY_NOT_EMPTY)
                .detail("Delete or move its subcategories first.")
                .with("subcategories", count),
            Error::StockShort(short) => Self::new(INSUFFICIENT_STOCK)
                .detail("Nothing was moved, because some of it is not there.")
                .errors(short.into_iter().map(told)),
            Error::Overtaken => others_write(),
            Error::IdempotencyKeyReused => Self::new(IDEMPOTENCY_KEY_REUSED)
                .detail("The key came with another body before: take a new key for a new request."),
            Error::Auth(error) => auth(&error),
            Error::Import(error) => import(error),
            Error::Store(error) => store(&error),
        }
    }
}

fn told(error: FieldError) -> Told {
    Told::at(error.pointer, error.detail)
}

fn version_conflict(current: Etag, given: &str) -> Problem {
    Problem::new(VERSION_CONFLICT)
        .detail("It has been changed since you read it: read it again and repeat your change.")
        .with("current", current.to_string())
        .with("given", given)
        .with("current_version", current.version)
        .with("given_version", Etag::version_of(given).map_or(Value::Null, Value::from))
}

fn already_taken(taken: Vec<Taken>) -> Problem {
    let owners: Vec<Value> = taken
        .iter()
        .map(|taken| {
            json!({
                "pointer": taken.pointer,
                "value": taken.value,
                taken.owner_member(): taken.owner,
            })
        })
        .collect();
    let errors = taken.into_iter().map(|taken| {
        let detail = format!("`{}` belongs to the {} {}", taken.value, taken.kind, taken.owner);
        Told::at(taken.pointer, detail)
    });
    Problem::new(TAKEN)
        .detail("What must be unique belongs to another already.")
        .errors(errors)
        .with("owners", owners)
}

fn auth(error: &AuthError) -> Problem {
    match error {
        AuthError::Missing => {
            Problem::new(UNAUTHENTICATED).detail("Send a token: Authorization: Bearer <token>.")
        }
        AuthError::Refused(reason) => {
            Problem::new(UNAUTHENTICATED).detail(format!("The token is refused: {reason}."))
        }
        AuthError::Forbidden { has, needs } => Problem::new(FORBIDDEN)
            .detail(format!("This takes the role {}.", needs.as_str()))
            .with("role", has.as_str())
            .with("needed", needs.as_str()),
        AuthError::NoKeys => {
            tracing::warn!("a request came before any key was read");
            Problem::new(UNAVAILABLE)
                .detail("Tokens cannot be checked yet: try again.")
                .retry_after(RETRY_AFTER)
        }
    }
}

fn import(error: ImportError) -> Problem {
    match error {
        ImportError::Busy => Problem::new(UNAVAILABLE)
            .detail("As many imports run as may: try again when one has ended.")
            .retry_after(RETRY_AFTER),
        ImportError::NotBegun(error) => store(&error),
        ImportError::BrokeOff { id, failure } => broke_off(&failure)
            .detail(format!(
                "The import broke off: {failure}. What was committed stays: /v1/imports/{id} \
                 tells it, and it is safe to send everything again."
            ))
            .with("import", id.to_string()),
    }
}

fn broke_off(failure: &Failure) -> Problem {
    match failure {
        Failure::Disconnected(_) | Failure::Silent(_) => Problem::new(UNREADABLE_BODY),
        Failure::Stopping => Problem::new(UNAVAILABLE).retry_after(RETRY_AFTER),
        Failure::Broken | Failure::Settled => Problem::new(INTERNAL),
        Failure::Store(error) => store(error),
    }
}

fn store(error: &StoreError) -> Problem {
    match error {
        StoreError::Unavailable(cause) => {
            tracing::warn!(error.message = %cause, "the primary cannot be used");
            Problem::new(UNAVAILABLE)
                .detail(
                    "The catalog cannot be reached, and nothing was written in part: try again.",
                )
                .retry_after(RETRY_AFTER)
        }
        StoreError::LostRace(cause) => {
            tracing::warn!(error.message = %cause, "a transaction lost against others");
            others_write()
        }
        StoreError::Refused { constraint, .. } => {
            tracing::error!(db.constraint = constraint, "a constraint without a check before it");
            Problem::new(INVALID_BODY)
                .detail("The catalog refuses this document; the reason has been logged.")
        }
        StoreError::BadValue(cause) => {
            tracing::error!(error.message = %cause, "a value without a check before it");
            Problem::new(INVALID_BODY)
                .detail("The catalog refuses this document; the reason has been logged.")
        }
        StoreError::Failed(cause) => {
            let causes = std::iter::successors(cause.source(), |below| below.source());
            let causes: Vec<String> = causes.map(ToString::to_string).collect();
            let (message, causes) = (cause.to_string(), causes.join(": "));
            tracing::error!(error.message = message, error.causes = causes, "a statement failed");
            Problem::new(INTERNAL).detail("The mistake is ours, and has been logged.")
        }
        StoreError::Malformed(cause) => {
            tracing::error!(error.message = %cause, "a stored document cannot be read");
            Problem::new(INTERNAL).detail("The mistake is ours, and has been logged.")
        }
    }
}

fn others_write() -> Problem {
    Problem::new(UNAVAILABLE)
        .detail("Others are writing the same: try again.")
        .retry_after(RETRY_AFTER)
}
