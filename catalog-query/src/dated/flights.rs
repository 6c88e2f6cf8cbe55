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
    most: usize,
    tasks: TaskTracker,
}

impl<K, V> Flights<K, V>
where
    K: Clone + Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// With about so many running at once at the most.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { running: DashMap::new(), most, tasks: TaskTracker::new() })
    }

    /// Waits until no load is running.
    pub(super) async fn drain(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// The running load of `key`, or the one that `load` begins, which must end by itself; `None` when
    /// there are too many already.
    pub(super) fn join<F>(self: &Arc<Self>, key: K, load: impl FnOnce() -> F) -> Option<Flight<V>>
    where
        F: Future<Output = V> + Send + 'static,
    {
        // Counted before the map is locked, which counting does too.
        let has_room = self.running.len() < self.most;
        match self.running.entry(key) {
            Entry::Occupied(running) => Some(running.get().clone()),
            Entry::Vacant(_) if !has_room => None,
            Entry::Vacant(free) => {
                let landing = Landing { flights: Arc::clone(self), key: free.key().clone() };
                let load = load();
                let task = self.tasks.spawn(async move {
                    let _landing = landing;
                    load.await
                });
                // A load that panicked brought nothing.
                let flight = task.map(Result::ok).boxed().shared();
                free.insert(flight.clone());
                Some(flight)
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
        let flights = Flights::<u8, usize>::new(2);
        let loads = Arc::new(AtomicUsize::new(0));
        let (open, gate) = tokio::sync::watch::channel(false);
        let load = || {
            let (loads, mut gate) = (Arc::clone(&loads), gate.clone());
            async move {
                gate.wait_for(|open| *open).await.unwrap();
                loads.fetch_add(1, Ordering::SeqCst)
            }
        };
        let waiting: Vec<_> = (0..100).map(|_| flights.join(1, load).unwrap()).collect();
        open.send_replace(true);
        assert_eq!(futures::future::join_all(waiting).await, vec![Some(0); 100]);
        assert_eq!(flights.join(1, || async { 7 }).unwrap().await, Some(7));
    }

    #[tokio::test]
    async fn more_than_so_many_are_refused_until_one_has_ended() {
        let flights = Flights::<u8, ()>::new(2);
        let (open, gate) = tokio::sync::watch::channel(false);
        let load = || {
            let mut gate = gate.clone();
            async move { drop(gate.wait_for(|open| *open).await) }
        };
        let (first, second) = (flights.join(1, load).unwrap(), flights.join(2, load).unwrap());
        assert!(flights.join(3, load).is_none());
        assert!(flights.join(1, load).is_some());
        open.send_replace(true);
        assert_eq!((first.await, second.await), (Some(()), Some(())));
        assert!(flights.join(3, load).is_some());
    }

    #[tokio::test]
    async fn a_load_that_panics_brings_nothing_and_leaves_room() {
        let flights = Flights::<u8, usize>::new(1);
        let broken = flights.join(1, || async { panic!("as a test") });
        assert_eq!(broken.unwrap().await, None);
        assert_eq!(flights.join(1, || async { 7 }).unwrap().await, Some(7));
    }
}
