//! The part of a load that Redis can save.

use std::sync::Arc;

use catalog_core::{
    contract::redis_entry::{ANY_HORIZON, Body},
    freshness::{Pod as _, Version, Xid},
    key::EntityKey,
};
use futures::future::join_all;
use rand::RngExt as _;

use super::{Load, Loader};
use crate::cache::{Entry, Fetched, Wanted};

/// Above every body's: whatever is there will not do.
const NO_HORIZON: Xid = Xid(u64::MAX);

impl Loader {
    /// Takes what the rule accepts, and the leases of the rest. Without Redis, all is left.
    pub(super) async fn try_redis(&self, load: &mut Load) {
        if !self.look_in_redis(load, &load.wanted_keys()).await {
            return;
        }
        let keys = load.wanted_keys();
        let asked = keys.iter().map(|key| self.lease(load, key));
        let answers = join_all(asked).await;
        for (key, (token, fetched)) in keys.iter().zip(answers) {
            match fetched {
                Some(Fetched::Lease) => {
                    load.leases.insert(*key, token);
                }
                Some(Fetched::Wait) => load.wait_for(*key),
                Some(Fetched::Body(body)) => self.take(load, *key, &body),
                None => {}
            }
        }
    }

    /// Takes from Redis what the rule accepts; says whether Redis answered.
    pub(super) async fn look_in_redis(&self, load: &mut Load, keys: &[EntityKey]) -> bool {
        let Some(bodies) = self.redis.get(keys).await else { return false };
        for (key, body) in keys.iter().zip(bodies) {
            if let Some(body) = body {
                self.take(load, *key, &body);
            }
        }
        true
    }

    fn take(&self, load: &mut Load, key: EntityKey, body: &[u8]) {
        let entry = match Body::decode(body) {
            Ok(body) => {
                Entry::from_redis(key, body, self.clock.now()).map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        match entry {
            Ok(entry) => {
                let accepted = self.accepts(&entry);
                load.note(Arc::new(entry), accepted);
            }
            Err(error) => {
                self.metrics.unusable();
                tracing::warn!(entry.key = %key, error.message = error, "Redis holds an unusable body");
                load.useless_in_redis.insert(key);
            }
        }
    }

    async fn lease(&self, load: &Load, key: &EntityKey) -> (String, Option<Fetched>) {
        let wanted = {
            let state = self.freshness.state();
            let horizon = if load.useless_in_redis.contains(key) {
                NO_HORIZON
            } else {
                // Until a poll has counted nothing can be proven, with whatever horizon.
                state.published().map_or(ANY_HORIZON, |_| state.floor())
            };
            let version = state.recent(key).unwrap_or(Version(0));
            Wanted { epoch: state.epoch(), version, horizon }
        };
        let token = format!("{:016x}", rand::rng().random::<u64>());
        let fetched = self.redis.fetch(key, wanted, &token).await;
        (token, fetched)
    }
}
