//! In memory: served while it is dated within the bound, loaded once for all who want it.

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
use tokio::time::{Instant, timeout_at};
use tracing::warn;

use crate::{
    clock::Clock,
    freshness::{Freshness, Label},
    metrics::DatedMetrics,
    read::{Demand, Origin, ReadError, Via},
    store::{Place, Shown, Statement, Store, StoreError},
};

use super::{
    Dated,
    flights::{Flight, Flights},
};

/// So many loads of one kind may be under way or wait for a statement's turn; the surplus is refused.
const MOST_LOADS: usize = 256;

/// Names something to read, and knows the statement that reads it.
pub trait DatedKey: Clone + Hash + Eq + Send + Sync + std::fmt::Debug + 'static {
    /// What is remembered.
    type Value: Send + Sync + 'static;
    /// What is read.
    type Rows: Into<Self::Value> + Send;
    /// The statement.
    type Statement: Statement<Output = (Shown, Self::Rows)> + Send;

    /// The statement that reads it as it stands at the wall clock's `now`.
    fn statement(&self, now: Timestamp) -> Self::Statement;

    /// About how many bytes of memory it takes.
    fn weight(value: &Self::Value) -> usize;
}

/// What is needed of the process.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The servers.
    pub store: Arc<Store>,
    /// What dates it all.
    pub freshness: Arc<Freshness>,
    /// The process's.
    pub clock: Clock,
    /// How old an answer may be that says that it is stale.
    pub max_stale: Duration,
    /// How long a request waits for a load.
    pub deadline: Duration,
}

/// Something to answer with.
#[derive(Debug)]
pub struct Found<T> {
    /// What was found.
    pub dated: Arc<Dated<T>>,
    /// As of when, and from where.
    pub origin: Origin,
}

type Outcome<V> = Result<Arc<Dated<V>>, ReadError>;

/// All of one kind.
#[derive(Debug)]
pub struct DatedCache<K: DatedKey> {
    parts: Parts,
    known: Cache<K, Arc<Dated<K::Value>>>,
    flights: Arc<Flights<K, Outcome<K::Value>>>,
    /// At the primary, for those who ask for more than the bound.
    insisted: Arc<Flights<K, Outcome<K::Value>>>,
    /// Until then the primary is asked first, because what replicas gave could not be dated.
    late_until: AtomicU64,
    metrics: DatedMetrics,
}

impl<K: DatedKey> DatedCache<K> {
    /// Empty; for at most so many bytes.
    pub fn new(parts: Parts, bytes: u64) -> Arc<Self> {
        let known = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, dated: &Arc<Dated<K::Value>>| {
                u32::try_from(size_of::<K>() + K::weight(dated.value())).unwrap_or(u32::MAX)
            })
            .time_to_live(parts.max_stale)
            .build();
        Arc::new(Self {
            parts,
            known,
            flights: Flights::new(MOST_LOADS),
            insisted: Flights::new(MOST_LOADS),
            late_until: AtomicU64::new(0),
            metrics: DatedMetrics::resolve(),
        })
    }

    /// What meets the demand, or the best there is, which must then be labelled.
    pub async fn get(
        self: &Arc<Self>,
        key: &K,
        demand: &Demand,
    ) -> Result<Found<K::Value>, ReadError> {
        if !demand.needs_primary() {
            return self.get_bounded(key, demand).await;
        }
        let insisted = self.insist(key, demand).await.inspect_err(|_| demand.fail());
        let found = match insisted {
            Ok(dated) => {
                let via = Via::miss(dated.place().into());
                self.found(dated, via)
            }
            Err(error) if demand.is_strong() => return Err(error),
            Err(_) => {
                let found = self.get_bounded(key, demand).await?;
                // However young it is, it may lack what the caller has seen.
                Found { origin: Origin { proven_at: None, ..found.origin }, ..found }
            }
        };
        demand.note_listed(found.dated.listed());
        Ok(found)
    }

    /// What is within the bound, or the best there is, which must then be labelled.
    async fn get_bounded(
        self: &Arc<Self>,
        key: &K,
        demand: &Demand,
    ) -> Result<Found<K::Value>, ReadError> {
        let now = self.parts.clock.now();
        if let Some(known) = self.known.get(key) {
            match self.label(&known, now) {
                Label::Fresh { age } => {
                    if age > self.parts.freshness.bound().mul_f64(0.75) {
                        drop(self.fly(key));
                    }
                    return Ok(self.found(known, Via::MEMORY));
                }
                // Nothing that is loaded could be dated either.
                Label::Stale { .. } if !self.parts.freshness.is_polling(now) => {
                    if self.may_be_served(&known, now) {
                        return Ok(self.found(known, Via::MEMORY));
                    }
                }
                Label::Stale { .. } => {}
            }
        }
        match self.load(key, demand.deadline(self.parts.deadline)).await {
            Ok(loaded) => {
                let via = Via::miss(loaded.place().into());
                Ok(self.found(loaded, via))
            }
            Err(error) => {
                let now = self.parts.clock.now();
                let known = self.known.get(key).filter(|known| self.may_be_served(known, now));
                Ok(self.found(known.ok_or(error)?, Via::MEMORY))
            }
        }
    }

    /// From the primary, asked when it shows all that the caller has seen: nothing tells of a list that
    /// it has not changed since a replica gave it, and a replica may be ahead of the primary too.
    async fn insist(self: &Arc<Self>, key: &K, demand: &Demand) -> Outcome<K::Value> {
        let freshness = &self.parts.freshness;
        let deadline = self.insist_until(demand);
        let mut since = demand.arrived();
        while !demand.is_shown_by_primary(freshness) {
            let is_polling = freshness.is_polling(self.parts.clock.now());
            if !is_polling || timeout_at(deadline, freshness.polled_since(since)).await.is_err() {
                return Err(ReadError::Unproven);
            }
            since = self.parts.clock.now();
        }
        // A load that has begun before is older than what is asked for; the next is not.
        loop {
            let own = (Arc::clone(self), key.clone());
            let load = || async move { own.0.load_at_primary(&own.1).await };
            let flight = self.insisted.join(key.clone(), load).ok_or(ReadError::Overloaded)?;
            let landed = timeout_at(deadline, flight).await.map_err(|_| ReadError::TimedOut)?;
            let dated = landed.unwrap_or(Err(ReadError::Unavailable))?;
            if dated.sent() >= since {
                return Ok(dated);
            }
        }
    }

    /// Whoever is content with less must still get that in time.
    fn insist_until(&self, demand: &Demand) -> Instant {
        let deadline = demand.deadline(self.parts.deadline);
        if demand.is_strong() {
            return deadline;
        }
        let now = Instant::now();
        now + deadline.saturating_duration_since(now) / 2
    }

    /// Nothing that does not count.
    async fn load_at_primary(&self, key: &K) -> Outcome<K::Value> {
        let dated = self.load_from(key, Place::Primary).await;
        let dated = dated.map_err(|error| ReadError::from(&error))?;
        if dated.proven_at(&self.parts.freshness).is_none() {
            return Err(ReadError::Unproven);
        }
        let dated = Arc::new(dated);
        self.known.insert(key.clone(), Arc::clone(&dated));
        Ok(dated)
    }

    /// Waits until nothing is being loaded.
    pub async fn drain(&self) {
        tokio::join!(self.flights.drain(), self.insisted.drain());
    }

    fn found(&self, dated: Arc<Dated<K::Value>>, via: Via) -> Found<K::Value> {
        let origin = Origin { proven_at: dated.proven_at(&self.parts.freshness), via };
        Found { dated, origin }
    }

    fn label(&self, dated: &Dated<K::Value>, now: Moment) -> Label {
        let freshness = &self.parts.freshness;
        freshness.label(dated.proven_at(freshness), now)
    }

    fn may_be_served(&self, dated: &Dated<K::Value>, now: Moment) -> bool {
        now.since(dated.known_at(&self.parts.freshness)) <= self.parts.max_stale
    }

    async fn load(self: &Arc<Self>, key: &K, deadline: Instant) -> Outcome<K::Value> {
        let flight = self.fly(key).ok_or(ReadError::Overloaded)?;
        let landed = timeout_at(deadline, flight).await;
        landed.map_err(|_| ReadError::TimedOut)?.unwrap_or(Err(ReadError::Unavailable))
    }

    fn fly(self: &Arc<Self>, key: &K) -> Option<Flight<Outcome<K::Value>>> {
        let (own, wanted) = (Arc::clone(self), key.clone());
        let flight = self.flights.join(key.clone(), || async move { own.load_best(&wanted).await });
        if flight.is_none() {
            self.metrics.refused();
        }
        flight
    }

    /// From a replica; from the primary when that cannot be dated within the bound. Of answers that
    /// cannot be dated, the last.
    async fn load_best(&self, key: &K) -> Outcome<K::Value> {
        let mut best = Err(ReadError::Unavailable);
        for place in self.order() {
            let dated = match self.load_from(key, place).await {
                Ok(dated) => Arc::new(dated),
                Err(error) => {
                    best = best.or(Err(ReadError::from(&error)));
                    if sends_to_another(place, &error) {
                        continue;
                    }
                    break;
                }
            };
            let is_fresh = !self.label(&dated, self.parts.clock.now()).is_stale();
            if place == Place::Replica {
                self.note_replicas(is_fresh);
            }
            if is_fresh {
                self.known.insert(key.clone(), Arc::clone(&dated));
                return Ok(dated);
            }
            best = Ok(dated);
        }
        let best = best?;
        // What could once be dated says better how old it is.
        self.known.entry_by_ref(key).or_insert_with(|| Arc::clone(&best));
        Ok(best)
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

    async fn load_from(&self, key: &K, place: Place) -> Result<Dated<K::Value>, StoreError> {
        let statement = key.statement(self.parts.clock.wall());
        let sent = self.parts.clock.now();
        let answered = self.parts.store.ask(place, &statement).await;
        self.metrics.loaded(place, answered.is_ok());
        let (shown, rows) = answered.inspect_err(|error| {
            warn!(load.key = ?key, store.place = ?place, error.message = %error, "a load got no answer");
        })?;
        Ok(Dated::new(rows.into(), place, shown, sent))
    }

    fn note_replicas(&self, is_fresh: bool) {
        let pause = if is_fresh { Duration::ZERO } else { self.parts.freshness.bound() / 4 };
        let pause = u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX);
        let until = self.parts.clock.now().0.saturating_add(pause);
        self.late_until.store(until, Ordering::Relaxed);
    }
}

/// A replica with too much to do is no reason to give it to the primary, which has a small share.
const fn sends_to_another(place: Place, error: &StoreError) -> bool {
    match place {
        Place::Replica => !matches!(error, StoreError::Busy),
        Place::Primary => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_busy_replica_refuses_does_not_fall_on_the_primary() {
        assert!(!sends_to_another(Place::Replica, &StoreError::Busy));
        assert!(sends_to_another(Place::Replica, &StoreError::Resting));
        assert!(sends_to_another(Place::Replica, &StoreError::Timeout));
        assert!(sends_to_another(Place::Primary, &StoreError::Busy));
    }
}
