use std::time::Duration;

use uuid::Uuid;

use crate::store::StoreError;

/// Why an import broke off. What had committed until then stays, and is counted.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The body ended before its end.
    #[error("the connection was lost before the body's end")]
    Disconnected(#[source] axum::Error),
    /// The sender stopped sending.
    #[error("the sender was silent for {} seconds", .0.as_secs())]
    Silent(Duration),
    /// This process is about to end.
    #[error("the service is stopping")]
    Stopping,
    /// Whoever read the import meanwhile found that nobody ran it, and settled that it has failed.
    #[error("the import was given up while it could not reach the catalog")]
    Settled,
    /// A part of the import has panicked.
    #[error("the service has made a mistake")]
    Broken,
    /// The primary failed.
    #[error("the catalog cannot be written")]
    Store(#[from] StoreError),
}

/// Why there is no good answer to a request for an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// As many imports run as may.
    #[error("as many imports run as may")]
    Busy,
    /// The import could not begin.
    #[error(transparent)]
    NotBegun(#[from] StoreError),
    /// The import broke off.
    #[error("the import {id} broke off: {failure}")]
    BrokeOff {
        /// Its id.
        id: Uuid,
        /// Why.
        #[source]
        failure: Failure,
    },
}
