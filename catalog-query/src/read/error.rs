//! Why there is no answer. The cause has been logged where it happened.

use crate::store::StoreError;

/// Why there is no answer at all, not even a stale one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// More is asked for than can be loaded now.
    #[error("more is asked for than can be loaded now")]
    Overloaded,
    /// No store could answer.
    #[error("no store could answer")]
    Unavailable,
    /// No store answered in time.
    #[error("no store answered in time")]
    TimedOut,
    /// Nothing could be proven as of a moment since the request arrived.
    #[error("nothing could be proven since the request arrived")]
    Unproven,
}

impl From<&StoreError> for ReadError {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Overloaded,
            StoreError::Timeout => Self::TimedOut,
            StoreError::Postgres(_)
            | StoreError::Pool(_)
            | StoreError::Resting
            | StoreError::NoHistory
            | StoreError::Negative(_)
            | StoreError::Snapshot(_)
            | StoreError::Kind(_)
            | StoreError::Document(_) => Self::Unavailable,
        }
    }
}
