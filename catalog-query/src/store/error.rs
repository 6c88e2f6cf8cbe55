//! Why a store gave no answer. Logged, never told to callers.

use catalog_core::{freshness::MalformedSnapshot, key::UnknownKind};
use deadpool_postgres::{PoolError, TimeoutType};
use service_kit::postgres;

use super::Class;

/// Why a store gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// PostgreSQL refused, or the connection failed.
    #[error("PostgreSQL: {}", with_cause(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// There was no connection to be had.
    #[error("no connection to PostgreSQL: {0}")]
    Pool(PoolError),
    /// It took too long.
    #[error("PostgreSQL did not answer in time")]
    Timeout,
    /// Too many wait already.
    #[error("too many statements wait for PostgreSQL already")]
    Busy,
    /// Each server has failed just now, and is left alone for a moment.
    #[error("every replica has failed just now")]
    Resting,
    /// The history table is empty: the database has not been migrated.
    #[error("the history table has no row")]
    NoHistory,
    /// A number that cannot be negative is.
    #[error("the column {0} is negative")]
    Negative(&'static str),
    /// A snapshot in an unknown form.
    #[error(transparent)]
    Snapshot(#[from] MalformedSnapshot),
    /// A kind of a later release.
    #[error(transparent)]
    Kind(#[from] UnknownKind),
    /// A document that this release cannot read.
    #[error("a document cannot be read: {0}")]
    Document(#[from] serde_json::Error),
}

impl StoreError {
    /// Whether the server is to blame. For a list that takes too long, the list is.
    pub fn is_the_servers(&self, class: Class) -> bool {
        match self {
            Self::Postgres(error) if is_timeout(error) => class == Class::Entries,
            Self::Postgres(error) => postgres::is_unavailable(error),
            Self::Timeout => class == Class::Entries,
            Self::Pool(_) => true,
            Self::Busy
            | Self::Resting
            | Self::NoHistory
            | Self::Negative(_)
            | Self::Snapshot(_)
            | Self::Kind(_)
            | Self::Document(_) => false,
        }
    }

    /// Whether another server may do better.
    pub fn another_may_do_better(&self, class: Class) -> bool {
        matches!(self, Self::Busy) || self.is_the_servers(class)
    }

    /// Whether replay cancelled the statement on a replica, so that the same one may do better at once.
    pub fn is_replay_conflict(&self) -> bool {
        matches!(self, Self::Postgres(error) if postgres::is_serialization_failure(error))
    }
}

impl From<PoolError> for StoreError {
    /// A pool without a connection to spare says nothing against its server.
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(TimeoutType::Wait) => Self::Busy,
            error => Self::Pool(error),
        }
    }
}

fn is_timeout(error: &tokio_postgres::Error) -> bool {
    postgres::is_canceled(error)
}

/// The driver's own message leaves out what the server said.
fn with_cause(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
