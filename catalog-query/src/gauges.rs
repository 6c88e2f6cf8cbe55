//! What is looked at every so often, for people and for the autoscaler.

use std::{convert::Infallible, sync::Arc, time::Duration};

use catalog_core::freshness::Moment;
use service_kit::{
    shutdown::{Stage, Tasks},
    telemetry::sample,
};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock, freshness::Freshness, metrics, read::Reader, store::Store,
    store::history::History,
};

/// Between two looks at the replicas: each pod asks each of them.
const REPLICA_INTERVAL: Duration = Duration::from_secs(5);

/// Looks until the process ends.
pub fn start(tasks: &Tasks, reader: Arc<Reader>, store: Arc<Store>) {
    let (freshness, clock) = (Arc::clone(reader.freshness()), reader.clock());
    metrics::freshness_bound(freshness.bound());
    let replicas = Replicas { store: Arc::clone(&store), freshness: Arc::clone(&freshness), clock };
    tasks.spawn(Stage::Consume, "replica_lag", |stop| replicas.watch(stop));
    sample(tasks, "gauges", move || {
        if let Some(poll) = freshness.state().published() {
            metrics::proof_lag(clock.now().since(poll.sent));
        }
        metrics::memory("rendered", reader.rendered().usage());
        metrics::memory("entries", reader.entries().usage());
        metrics::waiting(reader.loads_waiting(), reader.refreshes_waiting());
        store.show_usage();
    });
}

/// How far the replicas are behind.
struct Replicas {
    store: Arc<Store>,
    freshness: Arc<Freshness>,
    clock: Clock,
}

impl Replicas {
    /// A replica that does not answer falls behind from where it was last seen, or from now on.
    async fn watch(self, stop: CancellationToken) -> Result<(), Infallible> {
        let begun = self.clock.now();
        let mut seen: Vec<Moment> = Vec::new();
        let mut ticks = tokio::time::interval(REPLICA_INTERVAL);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let answers = self.store.ask_each_replica(&History).await;
            seen.resize(answers.len(), begun);
            for (number, answer) in answers.into_iter().enumerate() {
                let shown = answer.and_then(|shown| self.freshness.date(shown.epoch, shown.beat));
                seen[number] = shown.map_or(seen[number], |shown| shown.max(seen[number]));
                metrics::replica_lag(number, self.clock.now().since(seen[number]));
            }
        }
        Ok(())
    }
}
