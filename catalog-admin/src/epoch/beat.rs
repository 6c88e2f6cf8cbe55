//! The task that beats.

use std::{convert::Infallible, time::Duration};

use deadpool_postgres::Pool;
use metrics::{counter, gauge};
use rand::RngExt as _;
use service_kit::{
    backoff::Backoff,
    postgres::AddressError,
    settings::{PoolSettings, PostgresSettings},
};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{
    BeatSettings,
    metrics::{BEAT_FAILURES, BEATS, EPOCH, EPOCHS_BEGUN},
    turn::{self, Known, Seen, Turn, TurnError, Why},
};
use crate::store::epoch_writers::BEAT_APPLICATION;

/// The longest pause between tries while the primary is away: it comes back without an epoch.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Adds one to the beat at its pace, unless another admin does, and begins epochs.
#[derive(Debug)]
pub struct Beat {
    pool: Pool,
    interval: Duration,
    known: Known,
}

impl Beat {
    /// A beat with a connection of its own, so that no burst of requests can hold it up.
    pub fn new(primary: &PostgresSettings, settings: &BeatSettings) -> Result<Self, AddressError> {
        let limits = PoolSettings {
            size: 1,
            statement_timeout: Duration::from_secs(3),
            ..primary.pool.clone()
        };
        let own = PostgresSettings { pool: limits, ..primary.clone() };
        let pool = service_kit::postgres::pool(&own, BEAT_APPLICATION)?;
        Ok(Self { pool, interval: settings.interval, known: Known::default() })
    }

    /// Beats until told to stop.
    pub async fn run(mut self, stop: CancellationToken) -> Result<(), Infallible> {
        let mut backoff = Backoff::new(self.interval, LONGEST_PAUSE.max(self.interval));
        loop {
            let next = Instant::now() + jittered(self.interval);
            let Some(turn) = stop.run_until_cancelled(turn::take(&self.pool, self.known)).await
            else {
                return Ok(());
            };
            let go_on = match turn {
                Ok(turn) => {
                    self.note(turn);
                    backoff.reset();
                    stop.run_until_cancelled(sleep_until(next)).await.is_some()
                }
                Err(error) => {
                    self.note_failure(&error);
                    backoff.pause(&stop).await
                }
            };
            if !go_on {
                return Ok(());
            }
        }
    }

    fn note(&mut self, turn: Turn) {
        match turn {
            Turn::Elsewhere => {}
            Turn::Followed(seen) => self.see(seen),
            Turn::Beaten(seen) => {
                counter!(BEATS).increment(1);
                self.see(seen);
            }
            Turn::Began { epoch, foreign_rows, why } => {
                counter!(EPOCHS_BEGUN).increment(1);
                let because = match why {
                    Why::Unvouched => "nothing vouched for the one before",
                    Why::Lower => {
                        "the one before was lower than one seen earlier: is an old primary not fenced?"
                    }
                };
                tracing::warn!(
                    epoch.number = epoch.0,
                    epoch.foreign_rows = foreign_rows,
                    epoch.because = because,
                    "began an epoch"
                );
                // The next turn beats at once in it, whatever it finds.
                self.known = Known { last: None, greatest: epoch };
                show_epoch(epoch.0);
            }
        }
    }

    fn see(&mut self, seen: Seen) {
        self.known = Known { last: Some(seen), greatest: seen.epoch };
        show_epoch(seen.epoch.0);
    }

    fn note_failure(&mut self, error: &TurnError) {
        counter!(BEAT_FAILURES).increment(1);
        let cause = std::error::Error::source(error).map(ToString::to_string);
        tracing::warn!(error.message = %error, error.cause = cause, "no beat");
        self.known.last = None;
    }
}

/// Exact: epochs are below 2^53 for two centuries to come.
#[expect(clippy::cast_precision_loss, reason = "epochs are microseconds, far below 2^53")]
fn show_epoch(epoch: u64) {
    gauge!(EPOCH).set(epoch as f64);
}

/// Within a twentieth, so that admins do not fall into step.
fn jittered(interval: Duration) -> Duration {
    interval.mul_f64(rand::rng().random_range(0.95..1.05))
}
