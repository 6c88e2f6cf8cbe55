//! The task that publishes whenever it can hold the slot.

use std::{convert::Infallible, time::Duration};

use catalog_core::freshness::Epoch;
use deadpool_postgres::Pool;
use metrics::{counter, gauge};
use service_kit::{
    backoff::Backoff,
    postgres::{self, AddressError},
    settings::{KafkaSettings, PoolSettings, PostgresSettings},
};
use tokio_util::sync::CancellationToken;

use super::{
    PublisherSettings,
    error::PublishError,
    feed::Feed,
    lag,
    metrics::{EPOCH_AHEAD, FAILURES, SLOT_HELD},
    session::{Holding, Session},
    slot,
    stream::Stream,
    target::Target,
};
use crate::epoch;

const APPLICATION: &str = "catalog-admin publisher";
/// While another publishes: how soon we notice that it has gone.
const ELECTION_PAUSE: Duration = Duration::from_millis(500);
/// A page of a resynchronisation may take longer than a request.
const STATEMENT_LIMIT: Duration = Duration::from_mins(1);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// Publishes changes whenever it can hold the slot.
pub struct Publisher {
    pool: Pool,
    targets: Vec<Target>,
    kafka: KafkaSettings,
    settings: PublisherSettings,
    /// How often a session has ended with a failure: says which of the servers to try.
    failures: usize,
}

impl Publisher {
    /// A publisher with connections of its own.
    pub fn new(
        primary: &PostgresSettings,
        kafka: &KafkaSettings,
        settings: &PublisherSettings,
    ) -> Result<Self, AddressError> {
        let limits =
            PoolSettings { size: 3, statement_timeout: STATEMENT_LIMIT, ..primary.pool.clone() };
        let own = PostgresSettings { pool: limits, ..primary.clone() };
        Ok(Self {
            pool: postgres::pool(&own, APPLICATION)?,
            targets: Target::all(&postgres::config(&own, APPLICATION)?),
            kafka: kafka.clone(),
            settings: settings.clone(),
            failures: 0,
        })
    }

    /// Publishes until told to stop. What Kafka has not acknowledged by then is published by
    /// whoever comes next.
    pub async fn run(mut self, stop: CancellationToken) -> Result<(), Infallible> {
        gauge!(SLOT_HELD).set(0);
        let (pool, slot) = (self.pool.clone(), self.settings.slot.clone());
        let work = async {
            tokio::join!(self.publish_again_and_again(), lag::watch(&pool, &slot));
        };
        stop.run_until_cancelled(work).await;
        Ok(())
    }

    async fn publish_again_and_again(&mut self) {
        let never = CancellationToken::new();
        let mut pauses = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        let mut election = Backoff::new(ELECTION_PAUSE, ELECTION_PAUSE);
        loop {
            let ended = self.hold_the_slot(&mut pauses).await;
            // That is for whoever holds the slot to tell.
            gauge!(EPOCH_AHEAD).set(0);
            match ended {
                Ok(never) => match never {},
                Err(PublishError::Held | PublishError::NoEpoch) => {
                    election.pause(&never).await;
                }
                Err(error) => {
                    self.failures += 1;
                    counter!(FAILURES).increment(1);
                    tracing::warn!(error.message = %error, "publishing stopped, and begins again");
                    pauses.pause(&never).await;
                }
            }
        }
    }

    /// Holds the slot and publishes, as long as nothing fails.
    async fn hold_the_slot(&self, pauses: &mut Backoff) -> Result<Infallible, PublishError> {
        let name = &self.settings.slot;
        let mut client = self.pool.get().await?;
        slot::make_ready(&mut client, name).await?;
        // Before the slot is taken: another admin may reach Kafka better.
        let feed = Feed::connect(&self.kafka, &self.settings).await?;
        let turn = self.failures.checked_rem(self.targets.len()).unwrap_or_default();
        let target = self.targets.get(turn).ok_or(PublishError::NoServer)?;
        let opened = Stream::open(target, name, self.settings.confirm_interval).await?;
        let epoch = opened.1;
        self.keep_above(epoch, feed.epoch).await?;
        let (owed, generation) = slot::owed(&client, name, epoch).await?;
        drop(client);
        tracing::info!(slot.name = name, epoch.number = epoch.0, "publishes changes");
        pauses.reset();
        let holding = Holding { slot: name.clone(), generation };
        let mut session = Session::new(self.pool.clone(), holding, feed, opened);
        session.resync(owed);
        session.run().await
    }

    /// Begins an epoch above the feed's when the primary's is lower: pods that have seen the greater
    /// one would never take it. That happens when an old primary is not fenced.
    async fn keep_above(&self, epoch: Epoch, of_feed: Epoch) -> Result<(), PublishError> {
        let is_ahead = epoch::is_far_ahead(of_feed);
        gauge!(EPOCH_AHEAD).set(u8::from(is_ahead));
        if is_ahead {
            // Epochs are never lowered again, so none begins above this one.
            tracing::error!(
                feed.epoch = of_feed.0,
                "the feed has an epoch that no clock has reached"
            );
            return Ok(());
        }
        if epoch >= of_feed {
            return Ok(());
        }
        let begun = epoch::begin_above(&self.pool, of_feed).await.map_err(PublishError::Lower)?;
        tracing::warn!(
            epoch.number = begun.0,
            epoch.lower = epoch.0,
            feed.epoch = of_feed.0,
            "began an epoch: the one before was lower than the feed's; is an old primary not fenced?"
        );
        Err(PublishError::NoEpoch)
    }
}

impl std::fmt::Debug for Publisher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Publisher")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
