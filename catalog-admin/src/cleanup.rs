//! What nobody asks for any more is removed: old imports, and answers to repeated requests.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::store::{Store, StoreError};

/// How often it is looked for what is old.
const INTERVAL: Duration = Duration::from_mins(10);
/// So many rows are removed in one statement, so that none stays open for long.
const AT_ONCE: i64 = 100;

/// Removes what is old, again and again. Every admin does; they pass over each other's rows.
#[derive(Debug)]
pub struct Cleanup {
    /// Where.
    pub store: Store,
    /// How long imports are kept.
    pub imports: Duration,
    /// How long answers to creations are kept.
    pub answers: Duration,
}

impl Cleanup {
    /// Removes until told to stop.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Infallible> {
        loop {
            match stop.run_until_cancelled(self.remove()).await {
                None => return Ok(()),
                Some(Err(error)) => {
                    tracing::warn!(error.message = %error, "what is old was not removed");
                }
                Some(Ok(())) => {}
            }
            if stop.run_until_cancelled(sleep(INTERVAL)).await.is_none() {
                return Ok(());
            }
        }
    }

    async fn remove(&self) -> Result<(), StoreError> {
        for id in self.store.stale_imports(self.imports, AT_ONCE).await? {
            self.store.settle_import(id, "the process that ran it has ended").await?;
        }
        while self.store.remove_imports(self.imports, AT_ONCE).await? > 0 {}
        while self.store.remove_answers(self.answers, AT_ONCE).await? > 0 {}
        Ok(())
    }
}
