use deadpool_postgres::PoolError;
use service_kit::postgres::{
    is_canceled, is_serialization_failure, is_unavailable, pool_is_unavailable, violated_constraint,
};
use tokio_postgres::error::SqlState;

/// What the primary can fail by.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or not in time, or no epoch stands yet. Whether a commit that was cut off
    /// took place is not known; whatever was not committed is gone whole.
    #[error("the primary cannot be used: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The transaction lost against another and can be tried again. Looking anew, it finds what the
    /// other has changed.
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
    /// The server refused a value without naming a constraint (classes 22 and 23).
    #[error("a value was refused: {0}")]
    BadValue(#[source] tokio_postgres::Error),
    /// Anything else that the server or the driver says: a mistake of ours.
    #[error("a statement failed: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A stored document is not of the form that this release knows.
    #[error("a stored document cannot be read: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// Constraints of the categories' tree, which is looked at before it is changed: what they refuse has
/// changed since.
const ONLY_IN_A_RACE: [&str; 2] = ["category_parent_lives", "category_has_children"];

/// What refuses writes between a crash or promotion and the next epoch.
const EPOCH_BEFORE_VERSIONS: &str = "epoch_before_versions";

impl StoreError {
    /// Whether it is about what was to be written, and not about the server or this program.
    pub const fn is_about_rows(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::BadValue(_))
    }

    /// The constraint that refused a row, if that is what happened.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Refused { constraint, .. } => Some(constraint),
            Self::Unavailable(_)
            | Self::LostRace(_)
            | Self::BadValue(_)
            | Self::Failed(_)
            | Self::Malformed(_) => None,
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
        match violated_constraint(&cause) {
            Some(EPOCH_BEFORE_VERSIONS) => Self::Unavailable(cause.into()),
            Some(constraint) if ONLY_IN_A_RACE.contains(&constraint) => Self::LostRace(cause),
            Some(constraint) => Self::Refused { constraint: constraint.to_owned(), cause },
            None if is_about_a_value(&cause) => Self::BadValue(cause),
            None => Self::Failed(cause.into()),
        }
    }
}

fn is_about_a_value(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|state| ["22", "23"].contains(&&state.code()[..2]))
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
