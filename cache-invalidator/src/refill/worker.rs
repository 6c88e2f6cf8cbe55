//! The loop that refills.

use std::{convert::Infallible, sync::Arc, time::Duration};

use metrics::counter;
use service_kit::backoff::Backoff;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use crate::{
    cache::{Cache, Filled, Refill},
    metrics::REFILLS,
    settings::RefillSettings,
    store::{ProductEntry, Replicas},
};

use super::round::{self, Round};

/// By so much a lease outlives the patience with the replicas: what they give last is filled in then.
const FILL_TIME: Duration = Duration::from_millis(100);
/// So much of the patience is left for the last try.
const LAST_TRY: Duration = Duration::from_millis(100);
/// A replica is usually behind by a few milliseconds only.
const FIRST_PAUSE: Duration = Duration::from_millis(4);
const LONGEST_PAUSE: Duration = Duration::from_millis(64);

/// Refills what the queue holds until told to stop.
#[derive(Debug)]
pub struct RefillWorker {
    cache: Cache,
    replicas: Arc<Replicas>,
    settings: RefillSettings,
    floor_life: Duration,
}

impl RefillWorker {
    /// A worker that loads from `replicas` into `cache`.
    pub fn new(
        cache: Cache,
        replicas: Arc<Replicas>,
        settings: RefillSettings,
        floor_life: Duration,
    ) -> Self {
        Self { cache, replicas, settings, floor_life }
    }

    /// Refills until `stop` is cancelled. What still waits then is left to the readers.
    pub async fn run(
        self,
        mut queue: mpsc::Receiver<Refill>,
        stop: CancellationToken,
    ) -> Result<(), Infallible> {
        let mut waiting = Vec::with_capacity(self.settings.batch);
        let limit = self.settings.batch;
        while let Some(1..) = stop.run_until_cancelled(queue.recv_many(&mut waiting, limit)).await {
            let refills = std::mem::take(&mut waiting);
            if stop.run_until_cancelled(self.refill(refills)).await.is_none() {
                break;
            }
        }
        Ok(())
    }

    async fn refill(&self, refills: Vec<Refill>) {
        let asked = refills.len();
        let deadline = Instant::now() + self.settings.patience;
        let lease_life = self.settings.patience + FILL_TIME;
        match self.cache.lease(refills, lease_life, self.floor_life).await {
            Ok(leased) => {
                count("left_to_reader", asked - leased.len());
                let left = self.load(leased, deadline).await;
                self.release(&left).await;
            }
            Err(error) => {
                tracing::debug!(error.message = %error, "no leases for a refill");
                count("redis_away", asked);
            }
        }
    }

    /// Loads and fills in `wanted` until `deadline`; gives back what could not be loaded.
    async fn load(&self, mut wanted: Vec<Refill>, deadline: Instant) -> Vec<Refill> {
        let retries = deadline.duration_since(Instant::now()).saturating_sub(LAST_TRY);
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE).budget(retries);
        // Redis may have taken all the time for the leases, and their life with it.
        while !wanted.is_empty() && Instant::now() < deadline {
            match round::load(&self.replicas, &wanted, deadline).await {
                Ok(Round { loaded, behind }) => {
                    self.fill(loaded).await;
                    wanted = behind;
                }
                Err(error) => {
                    tracing::debug!(error.message = %error, "no load for a refill");
                    count("replica_away", wanted.len());
                    break;
                }
            }
            if wanted.is_empty() {
                break;
            }
            let Some(pause) = backoff.next_pause() else {
                count("replica_behind", wanted.len());
                break;
            };
            sleep(pause).await;
        }
        wanted
    }

    async fn release(&self, refills: &[Refill]) {
        if refills.is_empty() {
            return;
        }
        if let Err(error) = self.cache.release(refills).await {
            tracing::debug!(error.message = %error, "leases stand until their life is over");
        }
    }

    async fn fill(&self, loaded: Vec<(Refill, ProductEntry)>) {
        let bodies: Vec<_> = loaded.iter().map(|(refill, entry)| (*refill, entry.body())).collect();
        match self.cache.fill(&bodies, self.settings.entry_life).await {
            Ok(outcomes) => {
                let filled = outcomes.iter().filter(|each| **each == Filled::Yes).count();
                count("filled", filled);
                count("refused", outcomes.len() - filled);
            }
            Err(error) => {
                tracing::debug!(error.message = %error, "a refill was not stored");
                count("redis_away", bodies.len());
            }
        }
    }
}

fn count(outcome: &'static str, number: usize) {
    counter!(REFILLS, "outcome" => outcome).increment(number as u64);
}
