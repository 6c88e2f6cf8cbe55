use deadpool_postgres::PoolError;
use service_kit::postgres::{
    is_canceled, is_serialization_failure, is_unavailable, pool_is_unavailable, violated_constraint,
};
use tokio_postgres::error::SqlState;

/// What the primary can fail by.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or not in time. Whether a commit that was cut off took place is not
    /// known; whatever was not committed is gone whole.
    #[error("the primary cannot be reached: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The transaction lost against another and can be tried again.
    #[error("the transaction lost against another: {0}")]
    LostRace(#[source] tokio_postgres::Error),
    /// A constraint refused a row.
    #[error("the constraint {constraint} refused a row: {cause}")]
    Refused {
        /// The constraint's name.
        constraint: String,
        /// What the server said.
        #[source]
        cause: tokio_postgres::Error,
    },
    /// Anything else that the server or the driver says: a mistake of ours.
    #[error("a statement failed: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A stored document is not of the form that this release knows.
    #[error("a stored document cannot be read: {0}")]
    Malformed(#[from] serde_json::Error),
}

impl StoreError {
    /// The constraint that refused a row, if that is what happened.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Refused { constraint, .. } => Some(constraint),
            Self::Unavailable(_) | Self::LostRace(_) | Self::Failed(_) | Self::Malformed(_) => None,
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(cause: tokio_postgres::Error) -> Self {
        if is_serialization_failure(&cause) {
            return Self::LostRace(cause);
        }
        let waited_too_long = cause.code() == Some(&SqlState::LOCK_NOT_AVAILABLE);
        if is_unavailable(&cause) || is_canceled(&cause) || waited_too_long {
            return Self::Unavailable(cause.into());
        }
        match violated_constraint(&cause).map(str::to_owned) {
            Some(constraint) => Self::Refused { constraint, cause },
            None => Self::Failed(cause.into()),
        }
    }
}

impl From<PoolError> for StoreError {
    fn from(cause: PoolError) -> Self {
        match cause {
            PoolError::Backend(cause) => cause.into(),
            cause if pool_is_unavailable(&cause) => Self::Unavailable(cause.into()),
            cause => Self::Failed(cause.into()),
        }
    }
}
