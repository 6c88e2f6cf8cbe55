//! The thread on which the pod learns what has changed, so that busy requests do not delay it.

use std::{cell::RefCell, io, sync::Arc, time::Duration};

use futures::future::select_ok;
use service_kit::{
    settings::KafkaSettings,
    shutdown::{Stage, Tasks},
};
use tokio::time::timeout;
use tokio_postgres::Config;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    metrics::{FollowMetrics, PollMetrics},
    store::{
        StoreError,
        versions::{Fill, Filling, LONGEST_FILL},
    },
};

use super::{Freshness, follower::Follower, poller::Poller, tracker::Tracker};

/// The first poll waits for the fill, which takes seconds for a million rows, but not for replicas
/// that say nothing: for so long altogether until one begins to answer, and between its rows.
const SILENCE: Duration = Duration::from_secs(2);

/// Where the pod learns what has changed.
#[derive(Debug)]
pub struct Feed {
    /// Is polled.
    pub primary: Config,
    /// One of them gives the first fill.
    pub replicas: Vec<Config>,
    /// Is followed.
    pub kafka: KafkaSettings,
    /// How many changed things are remembered.
    pub recent_limit: usize,
    /// The process's clock.
    pub clock: Clock,
}

/// Starts the thread.
pub fn start(tasks: &Tasks, freshness: Arc<Freshness>, feed: Feed) {
    tasks.spawn_thread(Stage::Consume, "freshness", move |stop| run(freshness, &feed, &stop));
}

fn run(freshness: Arc<Freshness>, feed: &Feed, stop: &CancellationToken) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let bound = freshness.bound();
        let Some(fill) = stop.run_until_cancelled(first_fill(feed)).await else { return };
        let tracker = RefCell::new(Tracker::new(freshness, fill, feed.recent_limit));
        let poller = Poller {
            tracker: &tracker,
            primary: &feed.primary,
            bound,
            clock: feed.clock,
            metrics: PollMetrics::resolve(),
        };
        let follower =
            Follower { tracker: &tracker, kafka: &feed.kafka, metrics: FollowMetrics::resolve() };
        tokio::join!(poller.run(stop), follower.run(stop));
    });
    // Whatever still blocks there must not hold up the end of the process.
    runtime.shutdown_background();
    Ok(())
}

/// From the replica that begins to answer first. Without it the pod remembers only what changes from
/// now on.
async fn first_fill(feed: &Feed) -> Option<Fill> {
    if feed.replicas.is_empty() {
        return None;
    }
    match timeout(LONGEST_FILL, take_fill(feed)).await.map_err(|_| StoreError::Timeout).flatten() {
        Ok(Some(fill)) => {
            tracing::info!(fill.rows = fill.rows.len(), "took the newest versions from a replica");
            return Some(fill);
        }
        Ok(None) => tracing::error!("a replica returned version rows of another history"),
        Err(error) => tracing::warn!(error.message = %error, "no first fill from a replica"),
    }
    None
}

async fn take_fill(feed: &Feed) -> Result<Option<Fill>, StoreError> {
    let begun =
        feed.replicas.iter().map(|replica| Box::pin(Filling::begin(replica, feed.recent_limit)));
    let (filling, _) =
        timeout(SILENCE, select_ok(begun)).await.map_err(|_| StoreError::Timeout)??;
    filling.complete(SILENCE).await
}
