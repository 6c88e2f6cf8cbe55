use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// Whether the server cannot be reached or cannot serve, so that another try or another server may
/// succeed: the connection is closed or was refused, the server starts, stops or is full, or has
/// become read-only.
pub fn is_unavailable(error: &Error) -> bool {
    let Some(state) = error.code() else {
        // Without a state the server said nothing: what is left is the connection.
        return error.is_closed() || is_io(error);
    };
    let shutting_down_or_starting = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    let class = &state.code()[..2];
    shutting_down_or_starting.contains(state) || class == "08" || class == "53"
}

fn is_io(error: &Error) -> bool {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.into_iter().any(<dyn std::error::Error>::is::<std::io::Error>)
}

/// [`is_unavailable`] for a connection that was not to be had, in time or at all.
pub fn pool_is_unavailable(error: &PoolError) -> bool {
    match error {
        PoolError::Timeout(_) | PoolError::Closed => true,
        PoolError::Backend(error) => is_unavailable(error),
        PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => false,
    }
}

/// Whether the unique constraint or index of that name refused the row.
pub fn is_unique_violation(error: &Error, constraint: &str) -> bool {
    error.code() == Some(&SqlState::UNIQUE_VIOLATION)
        && violated_constraint(error) == Some(constraint)
}

/// The constraint that refused the row, whatever its kind.
pub fn violated_constraint(error: &Error) -> Option<&str> {
    error.as_db_error()?.constraint()
}

/// Whether the transaction lost against another and may be tried again as a whole.
pub fn is_serialization_failure(error: &Error) -> bool {
    let retryable = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    error.code().is_some_and(|state| retryable.contains(state))
}

/// Whether the statement was ended by its timeout, by an administrator, or on a replica by replay.
pub fn is_canceled(error: &Error) -> bool {
    error.code() == Some(&SqlState::QUERY_CANCELED)
}
