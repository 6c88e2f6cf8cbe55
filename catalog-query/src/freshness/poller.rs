//! Asks the primary, again and again, which versions have changed.

use std::{cell::RefCell, time::Duration};

use catalog_core::freshness::{Moment, Outcome};
use rand::RngExt as _;
use service_kit::backoff::Backoff;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_postgres::Config;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    metrics::PollMetrics,
    store::{
        StoreError,
        versions::{LONGEST_POLL, Poll},
    },
};

use super::{Freshness, tracker::Tracker};

/// Between the starts of two polls at the least.
const LEAST_INTERVAL: Duration = Duration::from_millis(25);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long an answer is waited for. After a change of half the catalog an answer takes longer than
/// usual; if it were given up each time, the same question would be asked for ever. However late it
/// comes, its rows are then known, and the next answer is small.
#[derive(Debug)]
struct Patience {
    usual: Duration,
    now: Duration,
}

impl Patience {
    fn new(usual: Duration) -> Self {
        Self { usual, now: usual }
    }

    fn answered(&mut self) {
        self.now = self.usual;
    }

    fn exhausted(&mut self) {
        self.now = (self.now * 2).min(LONGEST_POLL.max(self.usual));
    }
}

/// One question in flight, on one connection, for as long as the pod lives.
pub(super) struct Poller<'a> {
    pub(super) tracker: &'a RefCell<Tracker>,
    pub(super) primary: &'a Config,
    pub(super) freshness: &'a Freshness,
    pub(super) clock: Clock,
    pub(super) metrics: PollMetrics,
}

impl Poller<'_> {
    /// Polls until told to stop; a connection that fails is replaced.
    pub(super) async fn run(&self, stop: &CancellationToken) {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        let mut patience = Patience::new(self.freshness.bound() / 2);
        let mut told = false;
        loop {
            let session = self.session(&mut backoff, &mut patience, &mut told);
            let Some(ended) = stop.run_until_cancelled(session).await else { return };
            self.metrics.failed();
            if !std::mem::replace(&mut told, true) {
                tracing::warn!(error.message = %ended, "cannot poll the primary; answers become stale");
            }
            if !backoff.pause(stop).await {
                return;
            }
        }
    }

    /// Polls on one connection until it fails; says why it failed.
    async fn session(
        &self,
        backoff: &mut Backoff,
        patience: &mut Patience,
        told: &mut bool,
    ) -> StoreError {
        let poll = match timeout(self.freshness.bound(), Poll::connect(self.primary)).await {
            Ok(Ok(poll)) => poll,
            Ok(Err(error)) => return error,
            Err(_) => return StoreError::Timeout,
        };
        let mut last = Outcome::Counted;
        loop {
            let started = Instant::now();
            let outcome = match self.once(&poll, started + patience.now).await {
                Ok(outcome) => outcome,
                Err(error) => {
                    if matches!(error, StoreError::Timeout) {
                        patience.exhausted();
                    }
                    return error;
                }
            };
            patience.answered();
            if outcome != last {
                tell(outcome);
                last = outcome;
            }
            backoff.reset();
            *told = false;
            self.pause(started, outcome).await;
        }
    }

    /// The sent time is taken before the question leaves: what was acknowledged earlier is in it.
    async fn once(&self, poll: &Poll, deadline: Instant) -> Result<Outcome, StoreError> {
        let sent: Moment = self.clock.now();
        let ask = self.tracker.borrow_mut().ask().clone();
        let answer =
            timeout_at(deadline, poll.ask(&ask)).await.map_err(|_| StoreError::Timeout)??;
        let mut tracker = self.tracker.borrow_mut();
        let outcome = tracker.apply(sent, answer);
        self.metrics.answered(outcome.as_str(), self.clock.now().since(sent), tracker.remembered());
        Ok(outcome)
    }

    /// Until the next poll is due, or somebody waits for one.
    async fn pause(&self, started: Instant, outcome: Outcome) {
        tokio::select! {
            () = sleep_until(started + self.interval(outcome)) => {}
            () = self.freshness.poll_wanted() => sleep_until(started + LEAST_INTERVAL).await,
        }
    }

    /// An eighth of the bound, give or take a quarter, so that pods do not ask in step.
    fn interval(&self, outcome: Outcome) -> Duration {
        if outcome == Outcome::NewEpoch {
            return LEAST_INTERVAL;
        }
        (self.freshness.bound() / 8)
            .mul_f64(rand::rng().random_range(0.75..1.25))
            .max(LEAST_INTERVAL)
    }
}

fn tell(outcome: Outcome) {
    match outcome {
        Outcome::Counted => tracing::info!("polls count"),
        Outcome::NewEpoch => tracing::info!("a new epoch has begun"),
        Outcome::NoIncarnation => {
            tracing::warn!(
                "the primary has no valid incarnation row: no admin has begun an epoch since it started"
            );
        }
        Outcome::LowerEpoch => tracing::error!("the primary shows a lower valid epoch than before"),
        Outcome::ForeignRows => {
            tracing::error!("the primary returned version rows of another history: begin an epoch");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_until_an_answer_comes_and_is_then_as_usual_again() {
        let usual = Duration::from_secs(1);
        let mut patience = Patience::new(usual);
        let grown: Vec<_> = (0..7)
            .map(|_| {
                patience.exhausted();
                patience.now.as_secs()
            })
            .collect();
        assert_eq!(grown, [2, 4, 8, 16, 30, 30, 30]);
        patience.answered();
        assert_eq!(patience.now, usual);
    }
}
