//! The loop that refills.

use std::{convert::Infallible, sync::Arc, time::Duration};

use metrics::counter;
use service_kit::backoff::Backoff;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    cache::{Cache, Filled, Refill},
    settings::RefillSettings,
    store::{ProductEntry, Replicas},
};

use super::round::{self, Round};

/// How long a lease lives: a reader that waits for it asks the replica itself after that.
const LEASE_LIFE: Duration = Duration::from_millis(500);
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
        let mut wanted = match self.cache.lease(refills, LEASE_LIFE, self.floor_life).await {
            Ok(leased) => leased,
            Err(error) => {
                tracing::debug!(error.message = %error, "no leases for a refill");
                return count("redis_away", asked);
            }
        };
        count("left_to_reader", asked - wanted.len());
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE).budget(self.settings.patience);
        while !wanted.is_empty() {
            let asked = wanted.len();
            match round::load(&self.replicas, wanted).await {
                Ok(Round { loaded, behind }) => {
                    self.fill(loaded).await;
                    wanted = behind;
                }
                Err(error) => {
                    tracing::debug!(error.message = %error, "no load for a refill");
                    return count("replica_away", asked);
                }
            }
            if wanted.is_empty() {
                return;
            }
            match backoff.next_pause() {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return count("replica_behind", wanted.len()),
            }
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
    counter!("vitrina_refills_total", "outcome" => outcome).increment(number as u64);
}
