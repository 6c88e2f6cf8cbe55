//! Batches into the catalog, so that no line spoils its neighbours.

use std::ops::Range;
use std::time::Duration;

use metrics::counter;
use service_kit::backoff::Backoff;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::metrics::IMPORT_LINES;
use crate::store::import::{self as rows, ImportCounts};
use crate::store::{Store, StoreError, Transaction, trace};

use super::batch::{self, BatchError, Loaded};
use super::growth::Growth;
use super::line::Line;
use super::outcome::{Outcome, Outcomes, number};
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
    /// How long the primary may be away.
    pub(super) patience: Duration,
    pub(super) growth: Growth,
}

/// What is done with lines in one transaction.
#[derive(Debug, Clone, Copy)]
enum Task<'a> {
    Load(&'a [Line]),
    Reject(&'a Line, &'a StoreError),
}

impl Loader {
    /// Loads batches until there are no more.
    pub(super) async fn load_all(
        &mut self,
        mut batches: mpsc::Receiver<Batch>,
        stop: &CancellationToken,
    ) -> Result<(), Failure> {
        while let Some(batch) = batches.recv().await {
            let lines = batch.await.map_err(|_| Failure::Broken)?;
            self.load(&lines, stop).await?;
            self.growth.tell_in_between(&self.store).await;
        }
        self.growth.tell_at_the_end(&self.store).await;
        Ok(())
    }

    /// Loads these lines in order. When the catalog refuses some of them for what only it could
    /// tell, halves are tried until the one that it means stands alone.
    async fn load(&mut self, lines: &[Line], stop: &CancellationToken) -> Result<(), Failure> {
        let mut to_do: Vec<Range<usize>> = Vec::new();
        to_do.push(0..lines.len());
        while let Some(range) = to_do.pop() {
            let part = &lines[range.clone()];
            match self.carry_out(Task::Load(part), stop).await {
                Ok(done) if done < part.len() => to_do.push(range.start + done..range.end),
                Ok(_) => {}
                Err(Failure::Store(error)) if error.is_about_rows() => {
                    if let [line] = part {
                        self.carry_out(Task::Reject(line, &error), stop).await?;
                    } else {
                        let middle = range.start + part.len() / 2;
                        to_do.push(middle..range.end);
                        to_do.push(range.start..middle);
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Carries the task out for as many of its first lines as can be in one transaction; how many.
    /// Tries again when others were writing the same, and while the primary is away.
    async fn carry_out(
        &mut self,
        task: Task<'_>,
        stop: &CancellationToken,
    ) -> Result<usize, Failure> {
        let mut races = Backoff::new(Duration::from_millis(10), Duration::from_millis(500));
        let mut outage = None;
        let mut lost = 0;
        loop {
            match self.attempt(task).await {
                Ok(loaded) => {
                    self.tell(&loaded.outcomes);
                    return Ok(loaded.lines);
                }
                Err(BatchError::Settled) => return Err(Failure::Settled),
                Err(BatchError::Store(error @ StoreError::Unavailable(_))) => {
                    let pauses = outage.get_or_insert_with(|| {
                        Backoff::new(Duration::from_millis(50), Duration::from_secs(1))
                            .budget(self.patience)
                    });
                    if !pauses.pause(stop).await {
                        return Err(error.into());
                    }
                }
                Err(BatchError::Store(error @ StoreError::LostRace(_))) if lost + 1 >= TRIES => {
                    return Err(error.into());
                }
                Err(BatchError::Moved | BatchError::Store(StoreError::LostRace(_))) => {
                    lost += 1;
                    races.pause(stop).await;
                }
                Err(BatchError::Store(error)) => return Err(error.into()),
            }
        }
    }

    async fn attempt(&self, task: Task<'_>) -> Result<Loaded, BatchError> {
        let tx = self.store.begin().await?;
        let outcome = self.within(&tx, task).await;
        tx.end(outcome).await
    }

    async fn within(&self, tx: &Transaction, task: Task<'_>) -> Result<Loaded, BatchError> {
        let lines = match task {
            Task::Load(lines) => lines,
            Task::Reject(line, _) => std::slice::from_ref(line),
        };
        // A try before this one may have been committed, and its answer lost.
        let last = rows::progress(tx, self.import).await?.ok_or(BatchError::Settled)?;
        let done = lines.iter().take_while(|line| number(line.number) <= last).count();
        if done > 0 {
            return Ok(Loaded { lines: done, outcomes: Outcomes::default() });
        }
        let mut loaded = match task {
            Task::Load(lines) => batch::load(tx, lines, &self.actor).await?,
            Task::Reject(line, error) => rejected(line, error),
        };
        let ImportCounts { created, updated, .. } = loaded.outcomes.counts;
        if let Some(parent) = &self.trace
            && created + updated > 0
        {
            trace::emit(tx, parent).await?;
        }
        // In the same transaction, so that the counts are true whatever happens next.
        let Outcomes { counts, errors, last_line } = &mut loaded.outcomes;
        let dropped = errors.len() as u64 - rows::keep_errors(tx, self.import, errors).await?;
        counts.errors_dropped += dropped.cast_signed();
        rows::count(tx, self.import, *last_line, *counts).await?;
        Ok(loaded)
    }

    fn tell(&mut self, outcomes: &Outcomes) {
        self.growth.add(outcomes.counts);
        let ImportCounts { created, updated, unchanged, rejected, .. } = outcomes.counts;
        for (outcome, lines) in [
            ("created", created),
            ("updated", updated),
            ("unchanged", unchanged),
            ("rejected", rejected),
        ] {
            let lines = u64::try_from(lines).unwrap_or_default();
            counter!(IMPORT_LINES, "outcome" => outcome).increment(lines);
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

fn rejected(line: &Line, error: &StoreError) -> Loaded {
    let mut outcomes = Outcomes::default();
    outcomes.add(line.number, Outcome::Rejected(vec![reject::refused(error)]));
    Loaded { lines: 1, outcomes }
}
