//! One load for all who want the same at the same time.

use std::{fmt, future::Future, hash::Hash, sync::Arc};

use dashmap::{DashMap, Entry};
use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use tokio_util::task::TaskTracker;

/// A load that others may wait for too; `None` when it brought nothing.
pub(super) type Flight<V> = Shared<BoxFuture<'static, Option<V>>>;

/// The loads that are running. Each is a task of its own, so that it ends, and makes room for the
/// next, whether or not somebody still waits for it.
pub(super) struct Flights<K: Hash + Eq, V> {
    running: DashMap<K, Flight<V>>,
    tasks: TaskTracker,
}

impl<K, V> Flights<K, V>
where
    K: Clone + Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { running: DashMap::new(), tasks: TaskTracker::new() })
    }

    /// Waits until no load is running.
    pub(super) async fn drain(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// The running load of `key`, or the one that `load` begins. It must end by itself.
    pub(super) fn join<F>(self: &Arc<Self>, key: K, load: impl FnOnce() -> F) -> Flight<V>
    where
        F: Future<Output = Option<V>> + Send + 'static,
    {
        match self.running.entry(key) {
            Entry::Occupied(running) => running.get().clone(),
            Entry::Vacant(free) => {
                let landing = Landing { flights: Arc::clone(self), key: free.key().clone() };
                let load = load();
                let task = self.tasks.spawn(async move {
                    let _landing = landing;
                    load.await
                });
                // A load that panicked brought nothing.
                let flight = task.map(|ended| ended.ok().flatten()).boxed().shared();
                free.insert(flight.clone());
                flight
            }
        }
    }
}

impl<K: Hash + Eq, V> fmt::Debug for Flights<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").field("running", &self.running.len()).finish_non_exhaustive()
    }
}

/// Makes room for the next load, however this one ends.
struct Landing<K: Hash + Eq, V> {
    flights: Arc<Flights<K, V>>,
    key: K,
}

impl<K: Hash + Eq, V> Drop for Landing<K, V> {
    fn drop(&mut self) {
        self.flights.running.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn many_who_want_the_same_cause_one_load() {
        let flights = Flights::<u8, usize>::new();
        let loads = Arc::new(AtomicUsize::new(0));
        let (open, gate) = tokio::sync::watch::channel(false);
        let waiting: Vec<_> = (0..100)
            .map(|_| {
                flights.join(1, || {
                    let (loads, mut gate) = (Arc::clone(&loads), gate.clone());
                    async move {
                        gate.wait_for(|open| *open).await.ok()?;
                        Some(loads.fetch_add(1, Ordering::SeqCst))
                    }
                })
            })
            .collect();
        open.send_replace(true);
        assert_eq!(futures::future::join_all(waiting).await, vec![Some(0); 100]);
        let later = flights.join(1, || async { Some(7) });
        assert_eq!(later.await, Some(7));
    }

    #[tokio::test]
    async fn a_load_that_panics_brings_nothing_and_leaves_room() {
        let flights = Flights::<u8, usize>::new();
        let broken = flights.join(1, || async { panic!("as a test") });
        assert_eq!(broken.await, None);
        assert_eq!(flights.join(1, || async { Some(7) }).await, Some(7));
    }
}
