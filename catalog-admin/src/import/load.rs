//! Batches into the catalog, so that no line spoils its neighbours.

use std::ops::Range;
use std::time::Duration;

use metrics::counter;
use service_kit::backoff::Backoff;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::store::import::{self as rows, ImportCounts};
use crate::store::{Store, StoreError, trace};

use super::batch::{self, BatchError, Loaded};
use super::line::Line;
use super::outcome::{Outcome, Outcomes};
use super::receive::Batch;
use super::{Failure, reject};

/// How often a batch is tried again that lost against other writers.
const TRIES: u32 = 5;

/// Loads what one import receives.
#[derive(Debug)]
pub(super) struct Loader {
    pub(super) store: Store,
    pub(super) import: Uuid,
    pub(super) actor: String,
    pub(super) trace: Option<String>,
}

impl Loader {
    /// Loads batches until there are no more.
    pub(super) async fn load_all(&self, mut batches: mpsc::Receiver<Batch>) -> Result<(), Failure> {
        while let Some(batch) = batches.recv().await {
            let lines = batch.await.map_err(|_| Failure::Broken)?;
            self.load(&lines).await?;
        }
        Ok(())
    }

    /// Loads these lines in order. When the catalog refuses some of them for what only it could
    /// tell, halves are tried until the one that it means stands alone.
    async fn load(&self, lines: &[Line]) -> Result<(), StoreError> {
        let mut to_do: Vec<Range<usize>> = Vec::new();
        to_do.push(0..lines.len());
        while let Some(range) = to_do.pop() {
            let part = &lines[range.clone()];
            match self.load_together(part).await {
                Ok(done) if done < part.len() => to_do.push(range.start + done..range.end),
                Ok(_) => {}
                Err(error @ (StoreError::Unavailable(_) | StoreError::LostRace(_))) => {
                    return Err(error);
                }
                Err(error) if part.len() == 1 => self.reject(&part[0], &error).await?,
                Err(_) => {
                    let middle = range.start + part.len() / 2;
                    to_do.push(middle..range.end);
                    to_do.push(range.start..middle);
                }
            }
        }
        Ok(())
    }

    /// Loads as many of the first of these lines as can be in one transaction; how many. Tries
    /// again when others were writing the same.
    async fn load_together(&self, lines: &[Line]) -> Result<usize, StoreError> {
        let mut backoff = Backoff::new(Duration::from_millis(10), Duration::from_millis(500));
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_together(lines).await {
                Ok(loaded) => {
                    self.tell(&loaded.outcomes);
                    return Ok(loaded.lines);
                }
                Err(BatchError::Store(error @ StoreError::LostRace(_))) if tries >= TRIES => {
                    return Err(error);
                }
                Err(BatchError::Moved | BatchError::Store(StoreError::LostRace(_))) => {}
                Err(BatchError::Store(error)) => return Err(error),
            }
            backoff.pause(&CancellationToken::new()).await;
        }
    }

    async fn try_together(&self, lines: &[Line]) -> Result<Loaded, BatchError> {
        let tx = self.store.begin().await?;
        let outcome = self.within(&tx, lines).await;
        tx.end(outcome).await
    }

    async fn within(
        &self,
        tx: &crate::store::Transaction,
        lines: &[Line],
    ) -> Result<Loaded, BatchError> {
        let loaded = batch::load(tx, lines, &self.actor).await?;
        let ImportCounts { created, updated, .. } = loaded.outcomes.counts;
        if let Some(parent) = &self.trace
            && created + updated > 0
        {
            trace::emit(tx, parent).await?;
        }
        self.write_down(tx, &loaded.outcomes).await?;
        Ok(loaded)
    }

    /// In the same transaction, so that the counts are true whatever happens next.
    async fn write_down(
        &self,
        tx: &crate::store::Transaction,
        outcomes: &Outcomes,
    ) -> Result<(), StoreError> {
        rows::keep_errors(tx, self.import, &outcomes.errors).await?;
        rows::count(tx, self.import, outcomes.counts).await
    }

    async fn reject(&self, line: &Line, error: &StoreError) -> Result<(), StoreError> {
        let mut outcomes = Outcomes::default();
        outcomes.add(line.number, Outcome::Rejected(vec![reject::refused(error)]));
        let tx = self.store.begin().await?;
        let written = self.write_down(&tx, &outcomes).await;
        tx.end(written).await?;
        self.tell(&outcomes);
        Ok(())
    }

    fn tell(&self, outcomes: &Outcomes) {
        let ImportCounts { created, updated, unchanged, rejected } = outcomes.counts;
        for (outcome, lines) in [
            ("created", created),
            ("updated", updated),
            ("unchanged", unchanged),
            ("rejected", rejected),
        ] {
            let lines = u64::try_from(lines).unwrap_or_default();
            counter!("vitrina_import_lines_total", "outcome" => outcome).increment(lines);
        }
        tracing::debug!(
            import.id = %self.import,
            import.created = created,
            import.updated = updated,
            import.unchanged = unchanged,
            import.rejected = rejected,
            "a batch has been loaded"
        );
    }
}
