//! Lists in memory: served while they are dated within the bound, loaded once for all who want them.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use catalog_core::freshness::Moment;
use jiff::Timestamp;
use moka::sync::Cache;
use tokio::time::timeout;
use tracing::warn;

use crate::{
    clock::Clock,
    freshness::{Freshness, Label},
    store::{Place, Shown, Statement, Store},
};

use super::{
    dated::Dated,
    flights::{Flight, Flights},
};

/// Names a list, and knows the statement that reads it.
pub trait ListKey: Clone + Hash + Eq + Send + Sync + std::fmt::Debug + 'static {
    /// What is remembered.
    type List: Send + Sync + 'static;
    /// What is read.
    type Rows: Into<Self::List>;
    /// The statement.
    type Statement: Statement<Output = (Shown, Self::Rows)> + Send;

    /// The statement that reads it as it stands at the wall clock's `now`.
    fn statement(&self, now: Timestamp) -> Self::Statement;

    /// About how many bytes of memory the list takes.
    fn weight(list: &Self::List) -> usize;
}

/// What lists need of the process.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The servers.
    pub store: Arc<Store>,
    /// What dates lists.
    pub freshness: Arc<Freshness>,
    /// The process's.
    pub clock: Clock,
    /// How old an answer may be that says that it is stale.
    pub max_stale: Duration,
    /// How long a request waits for a list.
    pub deadline: Duration,
}

/// A list to answer with.
#[derive(Debug)]
pub struct Listed<T> {
    /// The list.
    pub list: Arc<Dated<T>>,
    /// What is to be said of its age.
    pub label: Label,
    /// Where it was read for this request; `None` when it was in memory.
    pub loaded_from: Option<Place>,
}

/// Lists of one kind.
#[derive(Debug)]
pub struct Lists<K: ListKey> {
    parts: Parts,
    cache: Cache<K, Arc<Dated<K::List>>>,
    flights: Arc<Flights<K, Arc<Dated<K::List>>>>,
    /// Until then the primary is asked first, because replicas' lists could not be dated.
    late_until: AtomicU64,
}

impl<K: ListKey> Lists<K> {
    /// None yet; at most so many bytes of them.
    pub fn new(parts: Parts, bytes: u64) -> Arc<Self> {
        let cache = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, list: &Arc<Dated<K::List>>| {
                u32::try_from(size_of::<K>() + K::weight(list.value())).unwrap_or(u32::MAX)
            })
            .time_to_live(parts.max_stale)
            .build();
        Arc::new(Self { parts, cache, flights: Flights::new(), late_until: AtomicU64::new(0) })
    }

    /// The list within the bound, or the best there is with its label; `None` when there is nothing
    /// to answer with.
    pub async fn get(self: &Arc<Self>, key: &K) -> Option<Listed<K::List>> {
        let now = self.parts.clock.now();
        let known = self.cache.get(key).map(|list| self.listed(list, now, None));
        if let Some(known) = known {
            match known.label {
                Label::Fresh { age } => {
                    if age > self.parts.freshness.bound().mul_f64(0.75) {
                        drop(self.load(key));
                    }
                    return Some(known);
                }
                // Nothing that is loaded could be dated either.
                Label::Stale { .. } if !self.parts.freshness.is_polling(now) => {
                    if self.may_be_served(&known.list, now) {
                        return Some(known);
                    }
                }
                Label::Stale { .. } => {}
            }
        }
        self.await_load(key).await
    }

    /// Waits until no load is running.
    pub async fn drain(&self) {
        self.flights.drain().await;
    }

    async fn await_load(self: &Arc<Self>, key: &K) -> Option<Listed<K::List>> {
        let loaded = timeout(self.parts.deadline, self.load(key)).await.ok().flatten();
        let now = self.parts.clock.now();
        if let Some(list) = loaded {
            let place = list.place();
            return Some(self.listed(list, now, Some(place)));
        }
        let list = self.cache.get(key).filter(|list| self.may_be_served(list, now))?;
        Some(self.listed(list, now, None))
    }

    fn listed(
        &self,
        list: Arc<Dated<K::List>>,
        now: Moment,
        loaded_from: Option<Place>,
    ) -> Listed<K::List> {
        let freshness = &self.parts.freshness;
        let label = freshness.label(list.proven_at(freshness), now);
        Listed { list, label, loaded_from }
    }

    fn may_be_served(&self, list: &Dated<K::List>, now: Moment) -> bool {
        now.since(list.known_at(&self.parts.freshness)) <= self.parts.max_stale
    }

    fn load(self: &Arc<Self>, key: &K) -> Flight<Arc<Dated<K::List>>> {
        let (lists, wanted) = (Arc::clone(self), key.clone());
        self.flights.join(key.clone(), || async move { lists.load_best(&wanted).await })
    }

    /// From a replica; from the primary when that cannot be dated within the bound. Of answers that
    /// cannot be dated, the last.
    async fn load_best(&self, key: &K) -> Option<Arc<Dated<K::List>>> {
        let mut best = None;
        for place in self.order() {
            let Some(list) = self.load_from(key, place).await else { continue };
            let is_fresh = self.is_fresh(&list);
            if place == Place::Replica {
                self.note_replicas(is_fresh);
            }
            let list = Arc::new(list);
            if is_fresh {
                self.cache.insert(key.clone(), Arc::clone(&list));
                return Some(list);
            }
            best = Some(list);
        }
        let best = best?;
        // What could once be dated says better how old it is.
        self.cache.entry_by_ref(key).or_insert_with(|| Arc::clone(&best));
        Some(best)
    }

    /// Without a poll that counts, the primary's answers do not count either, and it is left alone.
    fn order(&self) -> impl Iterator<Item = Place> + use<K> {
        let now = self.parts.clock.now();
        let is_polling = self.parts.freshness.is_polling(now);
        let places = if Moment(self.late_until.load(Ordering::Relaxed)) > now {
            [Place::Primary, Place::Replica]
        } else {
            [Place::Replica, Place::Primary]
        };
        places.into_iter().filter(move |place| *place == Place::Replica || is_polling)
    }

    async fn load_from(&self, key: &K, place: Place) -> Option<Dated<K::List>> {
        let statement = key.statement(self.parts.clock.wall());
        let sent = self.parts.clock.now();
        match self.parts.store.ask(place, &statement).await {
            Ok((shown, rows)) => Some(Dated::new(rows.into(), place, shown, sent)),
            Err(error) => {
                warn!(list.key = ?key, store.place = ?place, error.message = %error, "a list could not be loaded");
                None
            }
        }
    }

    fn is_fresh(&self, list: &Dated<K::List>) -> bool {
        let freshness = &self.parts.freshness;
        !freshness.label(list.proven_at(freshness), self.parts.clock.now()).is_stale()
    }

    fn note_replicas(&self, is_fresh: bool) {
        let pause = if is_fresh { Duration::ZERO } else { self.parts.freshness.bound() / 4 };
        let pause = u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX);
        let until = self.parts.clock.now().0.saturating_add(pause);
        self.late_until.store(until, Ordering::Relaxed);
    }
}
