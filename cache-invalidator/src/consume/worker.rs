//! The loop that joins the group's records to their effects.

use std::{
    collections::VecDeque,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures::FutureExt as _;
use metrics::{counter, histogram};
use rdkafka::error::{KafkaError, KafkaResult};
use service_kit::backoff::Backoff;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::metrics::{BATCH_DURATION, BATCH_RETRIES, BATCHES, DELAY, RECEIVE_ERRORS, RECORDS};

use super::{Batch, Effect, EffectError, Group, Received};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Consumes until told to stop.
#[derive(Debug)]
pub struct Worker {
    group: Group,
    effect: Effect,
    batch_limit: usize,
    /// Records that arrived although the group had been paused: a partition assigned meanwhile.
    early: VecDeque<Received>,
}

impl Worker {
    /// A worker for `group` whose batches have at most `batch_limit` records.
    pub fn new(group: Group, effect: Effect, batch_limit: usize) -> Self {
        Self { group, effect, batch_limit, early: VecDeque::new() }
    }

    /// Takes batches, has their effects made, and acknowledges them, until `stop` is cancelled.
    /// What has been acknowledged is committed when the group is left, at the end of this.
    pub async fn run(mut self, stop: CancellationToken) -> KafkaResult<()> {
        while let Some(batch) = stop.clone().run_until_cancelled(self.next_batch()).await {
            let started = Instant::now();
            let (changes, mut poison, records) = batch.into_parts();
            let mut raised = false;
            let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
            loop {
                let made = async {
                    if !raised {
                        self.effect.raise(&changes, &mut poison).await?;
                        raised = true;
                    }
                    self.effect.park(&mut poison).await
                };
                match made.await {
                    Ok(()) => break,
                    Err(error) => {
                        if !self.hold(&mut backoff, &error, &stop).await? {
                            return Ok(());
                        }
                    }
                }
            }
            self.group.acknowledge(&records.offsets)?;
            counter!(BATCHES).increment(1);
            histogram!(BATCH_DURATION).record(started.elapsed());
            let (now, delay) = (SystemTime::now(), histogram!(DELAY));
            for written in &records.written {
                delay.record(since(*written, now));
            }
        }
        Ok(())
    }

    /// At least one record, and those that have arrived by then.
    async fn next_batch(&mut self) -> Batch {
        let mut batch = Batch::default();
        let mut taken = 0;
        if self.early.is_empty() {
            batch.add(self.next_record().await);
            taken = 1;
        }
        while taken < self.batch_limit
            && let Some(received) = self.ready_record()
        {
            batch.add(received);
            taken += 1;
        }
        counter!(RECORDS).increment(taken as u64);
        batch
    }

    fn ready_record(&mut self) -> Option<Received> {
        self.early.pop_front().or_else(|| self.group.receive().now_or_never()?.ok())
    }

    /// The client reconnects by itself; until then its errors are told, at a bounded pace.
    async fn next_record(&self) -> Received {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            match self.group.receive().await {
                Ok(received) => return received,
                Err(error) => {
                    report(&error);
                    let pause = backoff.next_pause().unwrap_or(LONGEST_PAUSE);
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    /// Waits for the next try while staying a member of the group; false when it is time to stop.
    async fn hold(
        &mut self,
        backoff: &mut Backoff,
        error: &EffectError,
        stop: &CancellationToken,
    ) -> KafkaResult<bool> {
        tracing::warn!(error.message = %Chain(error), "the effect of a batch is tried again");
        counter!(BATCH_RETRIES).increment(1);
        self.group.pause()?;
        let pause = backoff.next_pause().unwrap_or(LONGEST_PAUSE);
        let waited = stop.run_until_cancelled(self.stay(Instant::now() + pause)).await;
        self.group.resume()?;
        match waited {
            Some(stayed) => stayed.map(|()| true),
            None => Ok(false),
        }
    }

    async fn stay(&mut self, until: Instant) -> KafkaResult<()> {
        while let Ok(received) = timeout_at(until, self.group.receive()).await {
            match received {
                Ok(received) => {
                    self.early.push_back(received);
                    self.group.pause()?;
                }
                Err(error) => {
                    report(&error);
                    tokio::time::sleep_until(until).await;
                }
            }
        }
        Ok(())
    }
}

/// Nothing, where the writer's clock is ahead of ours.
fn since(written: i64, now: SystemTime) -> Duration {
    let written = Duration::from_millis(u64::try_from(written).unwrap_or_default());
    now.duration_since(UNIX_EPOCH + written).unwrap_or_default()
}

fn report(error: &KafkaError) {
    tracing::warn!(error.message = %error, "no record from Kafka");
    counter!(RECEIVE_ERRORS).increment(1);
}

/// An error with its causes, in one line.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
