//! Loads things: from Redis, from a replica, from the primary, until the rule accepts them.

mod database;
mod load;
mod shared;

use std::{collections::HashMap, sync::Arc};

use catalog_core::{
    freshness::{Epoch, Pod as _, Verdict},
    key::EntityKey,
};

pub(super) use load::Load;

use super::Subject;
use crate::{
    cache::{Entry, EntryCache, RedisCache},
    clock::Clock,
    freshness::Freshness,
    metrics::LoadMetrics,
    store::{Store, StoreError},
};

/// Loads things, each with what its statement brings along.
#[derive(Debug)]
pub(super) struct Loader {
    freshness: Arc<Freshness>,
    store: Arc<Store>,
    redis: RedisCache,
    entries: Arc<EntryCache>,
    clock: Clock,
    metrics: LoadMetrics,
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
        Self { freshness, store, redis, entries, clock, metrics: LoadMetrics::resolve() }
    }

    /// Loads these. An error means that something among them was not found anywhere.
    pub(super) async fn load(&self, subjects: &[Subject]) -> (Load, Result<(), StoreError>) {
        let mut load = Load::new(subjects);
        self.try_redis(&mut load).await;
        let outcome = self.complete(&mut load).await;
        if let Err(error) = &outcome {
            tracing::warn!(error.message = %error, load.missing = load.wanted().len(), "a load failed");
        }
        (load, outcome)
    }

    /// Those for which this pod has the lease first; by then another pod may have filled the rest.
    async fn complete(&self, load: &mut Load) -> Result<(), StoreError> {
        let own = load.not_awaited();
        if !own.is_empty() {
            self.ask_database(load, own).await?;
        }
        self.await_others(load).await;
        let rest = load.wanted();
        if rest.is_empty() { Ok(()) } else { self.ask_database(load, rest).await }
    }

    /// Whether the rule holds for it. A pod that has never polled can prove nothing, and takes what
    /// it gets.
    fn accepts(&self, entry: &Entry) -> bool {
        let state = self.freshness.state();
        state.epoch() == Epoch::NONE || state.prove(&entry.standing) == Verdict::Current
    }
}
