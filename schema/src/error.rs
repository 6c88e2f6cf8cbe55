//! Why the database could not be brought up to this release.

use std::time::Duration;

use tokio_postgres::error::SqlState;

/// Why the database could not be brought up to this release. What had been applied before stays.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The address cannot be read. (Its text is not repeated: it may hold a password.)
    #[error("the database's address is malformed")]
    Address(#[source] tokio_postgres::Error),
    /// There is no connection to be had.
    #[error("the database cannot be reached")]
    Connect(#[source] tokio_postgres::Error),
    /// Another migrator held the lock for too long, or the connection broke meanwhile.
    #[error("the migrations' lock cannot be had")]
    Lock(#[source] tokio_postgres::Error),
    /// A migration failed, or one that was applied is not the one of this release.
    #[error("a migration failed")]
    Migration(#[source] Box<refinery::Error>),
    /// It took too long.
    #[error("the migrations did not end within {} s", .0.as_secs())]
    TooLong(Duration),
}

impl MigrateError {
    /// Whether there may be a database later: none answers yet, or it is only just starting.
    pub fn is_passing(&self) -> bool {
        let Self::Connect(error) = self else { return false };
        error.code().is_none_or(|code| *code == SqlState::CANNOT_CONNECT_NOW)
    }
}
