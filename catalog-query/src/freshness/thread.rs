//! The thread on which the pod learns what has changed, so that busy requests do not delay it.

use std::{cell::RefCell, io, sync::Arc, time::Duration};

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
        versions::{self, Fill},
    },
};

use super::{Freshness, follower::Follower, poller::Poller, tracker::Tracker};

/// A million rows take a few seconds; a replica that hangs must not hold the first poll longer.
const FILL_LIMIT: Duration = Duration::from_secs(8);

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

/// From the first replica that has one. Without it the pod remembers only what changes from now on.
async fn first_fill(feed: &Feed) -> Option<Fill> {
    for replica in &feed.replicas {
        let tried = timeout(FILL_LIMIT, versions::first_fill(replica, feed.recent_limit)).await;
        match tried.map_err(|_| StoreError::Timeout).flatten() {
            Ok(Some(fill)) => {
                tracing::info!(
                    fill.rows = fill.rows.len(),
                    "took the newest versions from a replica"
                );
                return Some(fill);
            }
            Ok(None) => tracing::error!("a replica returned version rows of another history"),
            Err(error) => {
                tracing::warn!(error.message = %error, "no first fill from this replica");
            }
        }
    }
    None
}
