//! The thread on which the pod learns what has changed, so that busy requests do not delay it.

use std::{cell::RefCell, io, pin::pin, sync::Arc, time::Duration};

use catalog_core::freshness::Fill;
use futures::future::select_ok;
use service_kit::{
    settings::KafkaSettings,
    shutdown::{Stage, Tasks},
};
use tokio::{task::spawn_blocking, time::timeout};
use tokio_postgres::Config;
use tokio_util::sync::CancellationToken;

use crate::{
    change_traces::ChangeTraces,
    clock::Clock,
    metrics::{FollowMetrics, PollMetrics},
    store::{
        StoreError,
        versions::{Filling, LONGEST_FILL},
    },
};

use super::{
    Freshness,
    follower::Follower,
    poller::Poller,
    tracker::{Filled, Tracker, filled},
};

/// A replica is given up that says nothing for so long, at first or between its rows.
const SILENCE: Duration = Duration::from_secs(2);
/// For so long the first poll waits for the fill, so that from the first request on all can be proven
/// that Redis holds. A larger fill comes in beside the polls.
const HEAD_START: Duration = Duration::from_secs(2);

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
    /// Traces of edits that are followed.
    pub traces: Arc<ChangeTraces>,
}

/// Starts the thread.
pub fn start(tasks: &Tasks, freshness: Arc<Freshness>, feed: Feed) {
    tasks.spawn_thread(Stage::Consume, "freshness", move |stop| run(&freshness, &feed, &stop));
}

fn run(freshness: &Arc<Freshness>, feed: &Feed, stop: &CancellationToken) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut filling = pin!(first_fill(feed));
        let head_start = timeout(HEAD_START, filling.as_mut());
        let Some(filled) = stop.run_until_cancelled(head_start).await else { return };
        let mut tracker = Tracker::new(Arc::clone(freshness), feed.recent_limit);
        let is_filling = filled.is_err();
        if let Ok(Some(filled)) = filled {
            tracker.offer(filled);
        }
        let tracker = RefCell::new(tracker);
        let poller = Poller {
            tracker: &tracker,
            primary: &feed.primary,
            freshness,
            clock: feed.clock,
            metrics: PollMetrics::resolve(),
        };
        let follower = Follower {
            tracker: &tracker,
            kafka: &feed.kafka,
            traces: &feed.traces,
            metrics: FollowMetrics::resolve(),
        };
        let late = async {
            if is_filling && let Some(Some(filled)) = stop.run_until_cancelled(filling).await {
                tracker.borrow_mut().offer(filled);
            }
        };
        tokio::join!(poller.run(stop), follower.run(stop), late);
    });
    // Whatever still blocks there must not hold up the end of the process.
    runtime.shutdown_background();
    Ok(())
}

/// From the replica that begins to answer first. Without it the pod remembers only what changes from
/// now on.
async fn first_fill(feed: &Feed) -> Option<Filled> {
    if feed.replicas.is_empty() {
        return None;
    }
    match timeout(LONGEST_FILL, take_fill(feed)).await.map_err(|_| StoreError::Timeout).flatten() {
        Ok(Some(fill)) => {
            tracing::info!(fill.rows = fill.rows.len(), "took the newest versions from a replica");
            let limit = feed.recent_limit;
            return spawn_blocking(move || filled(&fill, limit)).await.ok();
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
