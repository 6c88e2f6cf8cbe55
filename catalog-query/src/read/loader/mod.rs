//! Loads things: from Redis, from a replica, from the primary, until the rule accepts them.

mod database;
mod load;
mod persistence;
mod shared;

use std::{collections::HashMap, sync::Arc, time::Duration};

use catalog_core::{
    freshness::{Epoch, Pod as _, Verdict},
    key::EntityKey,
};
use futures::future::{join, join_all};
use moka::sync::Cache;

pub(super) use load::Load;

use crate::{
    cache::{Entry, EntryCache, RedisCache},
    clock::Clock,
    freshness::Freshness,
    metrics::LoadMetrics,
    store::{Place, Store, entries::Products},
};

/// What cannot be used is not asked for again for so long: it would be of no more use.
const UNUSABLE_LIFE: Duration = Duration::from_secs(1);
const MOST_UNUSABLE: u64 = 10_000;

/// Loads things, each with what its statement brings along.
#[derive(Debug)]
pub(super) struct Loader {
    freshness: Arc<Freshness>,
    store: Arc<Store>,
    redis: RedisCache,
    entries: Arc<EntryCache>,
    clock: Clock,
    metrics: LoadMetrics,
    /// What a database gave as a document that this release cannot read.
    unusable: Cache<EntityKey, ()>,
}

/// What was loaded, by key; what the rule does not accept is there too, as the best that was found.
pub(super) type Found = HashMap<EntityKey, Arc<Entry>>;

impl Loader {
    pub(super) fn new(
        freshness: Arc<Freshness>,
        store: Arc<Store>,
        redis: RedisCache,
        entries: Arc<EntryCache>,
        clock: Clock,
    ) -> Self {
        let unusable =
            Cache::builder().max_capacity(MOST_UNUSABLE).time_to_live(UNUSABLE_LIFE).build();
        let metrics = LoadMetrics::resolve();
        Self { freshness, store, redis, entries, clock, metrics, unusable }
    }

    /// Has every connection to a replica prepare the statement that nearly every load is.
    pub(super) async fn warm(&self) {
        self.store.warm(&Products(&[])).await;
    }

    /// One look for each: in Redis, then at a replica for what no other pod is loading.
    pub(super) async fn look(&self, load: &mut Load) {
        for key in load.wanted_keys() {
            if self.unusable.contains_key(&key) {
                load.settle(&key);
            }
        }
        self.try_redis(load).await;
        let own = load.own();
        // What is still wanted afterwards is tried again, whatever came of this.
        let _ = self.ask(load, Place::Replica, &own).await;
    }

    /// Tells Redis what was loaded under its leases, and gives back those that brought nothing.
    pub(super) async fn end(&self, load: &Load) {
        let fills = load.fills.iter().map(|fill| async {
            self.redis.fill(&fill.row.key, &fill.body(), &fill.token).await;
        });
        let releases =
            load.leases.iter().map(|(key, token)| async { self.redis.release(key, token).await });
        join(join_all(fills), join_all(releases)).await;
    }

    /// Whether the rule holds for it. A pod that has never polled can prove nothing, and takes what
    /// it gets.
    fn accepts(&self, entry: &Entry) -> bool {
        let state = self.freshness.state();
        state.epoch() == Epoch::NONE || state.prove(&entry.standing) == Verdict::Current
    }
}
