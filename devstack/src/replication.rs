//! Waiting for the replica.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_postgres::types::PgLsn;

use crate::state::State;
use crate::{Error, Result, Stack, postgres};

const LIMIT: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(10);

impl Stack {
    /// Waits until the replica has all that has been written to the primary up to now.
    pub async fn wait_for_replica(&self) -> Result<()> {
        let state = self.state();
        let position = postgres::log_position(&state.superuser(state.ports.primary)).await?;
        wait_for(&state, position).await
    }
}

/// Waits until the replica has replayed the log up to `position`. Asks anew each time: a standby
/// under load cancels sessions that stand in the way of replaying.
pub(crate) async fn wait_for(state: &State, position: PgLsn) -> Result<()> {
    let replica = state.superuser(state.ports.replica);
    let deadline = Instant::now() + LIMIT;
    while !postgres::is_replicated(&replica, position).await.unwrap_or(false) {
        if Instant::now() > deadline {
            return Err(Error::TimedOut {
                what: "the replica's replay of what the primary has written".to_owned(),
                seconds: LIMIT.as_secs(),
            });
        }
        sleep(POLL).await;
    }
    Ok(())
}
