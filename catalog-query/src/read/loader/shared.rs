//! The part of a load that Redis can save.

use std::{sync::Arc, time::Duration};

use catalog_core::{
    contract::redis_entry::{ANY_HORIZON, Body},
    freshness::{Pod as _, Version},
    key::EntityKey,
};
use futures::future::join_all;
use rand::RngExt as _;
use service_kit::backoff::Backoff;
use tokio::time::sleep;

use super::{Load, Loader};
use crate::cache::{Entry, Fetched, Wanted};

/// How long another pod's load is waited for: a little less than its lease lives.
const PATIENCE: Duration = Duration::from_millis(400);
const FIRST_LOOK: Duration = Duration::from_millis(4);
const LONGEST_LOOK: Duration = Duration::from_millis(20);

impl Loader {
    /// Takes what the rule accepts, and the leases of the rest. Without Redis, all is left.
    pub(super) async fn try_redis(&self, load: &mut Load) {
        if !self.look(load, &load.wanted_keys()).await {
            return;
        }
        let keys = load.wanted_keys();
        let asked = keys.iter().map(|key| self.lease(key));
        for (key, (token, fetched)) in keys.iter().zip(join_all(asked).await) {
            match fetched {
                Some(Fetched::Lease) => load.hold(*key, token),
                Some(Fetched::Wait) => load.wait_for(*key),
                Some(Fetched::Body(body)) => self.take(load, *key, &body),
                None => {}
            }
        }
    }

    /// Waits for what other pods are loading, for a while.
    pub(super) async fn await_others(&self, load: &mut Load) {
        let mut looks = Backoff::new(FIRST_LOOK, LONGEST_LOOK).budget(PATIENCE);
        while !load.awaited().is_empty()
            && let Some(pause) = looks.next_pause()
        {
            sleep(pause).await;
            if !self.look(load, &load.awaited()).await {
                return;
            }
        }
    }

    /// Tells Redis what was loaded under its leases.
    pub(in crate::read) async fn fill(&self, load: Load) {
        let fills = load.fills.iter().map(async |fill| {
            self.redis.fill(&fill.row.key, &fill.body(), &fill.token).await;
        });
        join_all(fills).await;
    }

    /// Takes from Redis what the rule accepts; says whether Redis answered.
    async fn look(&self, load: &mut Load, keys: &[EntityKey]) -> bool {
        let Some(bodies) = self.redis.get(keys).await else { return false };
        for (key, body) in keys.iter().zip(bodies) {
            if let Some(body) = body {
                self.take(load, *key, &body);
            }
        }
        true
    }

    fn take(&self, load: &mut Load, key: EntityKey, body: &[u8]) {
        let Ok(body) = Body::decode(body) else { return self.metrics.unusable() };
        match Entry::from_redis(key, body, self.clock.now()) {
            Ok(entry) => {
                let accepted = self.accepts(&entry);
                load.note(Arc::new(entry), accepted);
            }
            Err(error) => {
                self.metrics.unusable();
                tracing::warn!(entry.key = %key, error.message = %error, "Redis holds an unusable body");
            }
        }
    }

    async fn lease(&self, key: &EntityKey) -> (String, Option<Fetched>) {
        let wanted = {
            let state = self.freshness.state();
            // Until a poll has counted nothing can be proven, with whatever horizon.
            let horizon = state.published().map_or(ANY_HORIZON, |_| state.floor());
            let version = state.recent(key).unwrap_or(Version(0));
            Wanted { epoch: state.epoch(), version, horizon }
        };
        let token = format!("{:016x}", rand::rng().random::<u64>());
        let fetched = self.redis.fetch(key, wanted, &token).await;
        (token, fetched)
    }
}
