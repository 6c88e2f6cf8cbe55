//! Errors as callers see them. Which dependency failed, and how, is in the log alone.

use std::time::Duration;

use service_kit::problem::{
    FieldError, INVALID_PARAMETER, NOT_FOUND, OVERLOADED, Problem, TIMEOUT, UNAVAILABLE,
};

use crate::read::{ReadError, ViewError};

const COME_AGAIN: Duration = Duration::from_secs(1);

/// There is no answer, not even a stale one.
pub fn read_problem(error: ReadError) -> Problem {
    let (kind, detail) = match error {
        ReadError::Overloaded => {
            (OVERLOADED, "There are more requests than can be answered now: try again.")
        }
        ReadError::Unavailable => (UNAVAILABLE, "The catalog cannot be read now: try again."),
        ReadError::TimedOut => (TIMEOUT, "The answer was not ready in time: try again."),
    };
    Problem::new(kind).detail(detail).retry_after(COME_AGAIN)
}

/// The request names no view, or the rules cannot be had.
pub fn view_problem(error: ViewError) -> Problem {
    match error {
        ViewError::Parameter { parameter, detail } => {
            Problem::new(INVALID_PARAMETER).error(FieldError::parameter(parameter, detail))
        }
        ViewError::Read(error) => read_problem(error),
    }
}

/// There is nothing such here.
pub fn no_such(detail: impl Into<String>) -> Problem {
    Problem::new(NOT_FOUND).detail(detail)
}
