//! Errors as callers see them. Which dependency failed, and how, is in the log alone.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use service_kit::problem::{
    FieldError, INVALID_PARAMETER, NOT_FOUND, OVERLOADED, Problem, TIMEOUT, UNAVAILABLE,
};

use super::Provenance;
use crate::read::{ReadError, Reader, ViewError};

const COME_AGAIN: Duration = Duration::from_secs(1);

/// An answer that is an error.
#[derive(Debug)]
pub struct Refusal {
    problem: Problem,
    /// When it is what the catalog says, it is as cacheable as any other answer.
    provenance: Option<Provenance>,
}

impl Refusal {
    /// By what the catalog holds.
    pub const fn by_catalog(problem: Problem, provenance: Provenance) -> Self {
        Self { problem, provenance: Some(provenance) }
    }
}

impl From<Problem> for Refusal {
    /// Whatever the catalog holds.
    fn from(problem: Problem) -> Self {
        Self { problem, provenance: None }
    }
}

impl From<ReadError> for Refusal {
    /// There is no answer, not even a stale one.
    fn from(error: ReadError) -> Self {
        let (kind, detail) = match error {
            ReadError::Overloaded => {
                (OVERLOADED, "There are more requests than can be answered now: try again.")
            }
            ReadError::Unavailable => (UNAVAILABLE, "The catalog cannot be read now: try again."),
            ReadError::Unproven => (
                UNAVAILABLE,
                "It cannot be proven now that an answer would be as current as is asked for: try again.",
            ),
            ReadError::TimedOut => (TIMEOUT, "The answer was not ready in time: try again."),
        };
        Problem::new(kind).detail(detail).retry_after(COME_AGAIN).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.problem.into_response();
        if let Some(provenance) = self.provenance {
            provenance.write(response.headers_mut());
        }
        response
    }
}

/// The request names no view, by the rules of the catalog, or these cannot be had.
pub fn view_refusal(reader: &Reader, error: ViewError) -> Refusal {
    match error {
        ViewError::Parameter { parameter, detail, origin } => {
            let problem =
                Problem::new(INVALID_PARAMETER).error(FieldError::parameter(parameter, detail));
            Refusal::by_catalog(problem, Provenance::of(reader, origin, None))
        }
        ViewError::Read(error) => error.into(),
    }
}

/// There is nothing such here.
pub fn no_such(detail: impl Into<String>) -> Problem {
    Problem::new(NOT_FOUND).detail(detail)
}
