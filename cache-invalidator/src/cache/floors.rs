//! Floors: the least position that an entity's body may have.

use std::{sync::LazyLock, time::Duration};

use catalog_core::{
    contract::redis_entry::{INVALIDATE, Keys, position},
    freshness::{Epoch, Version},
    key::EntityKey,
};
use redis::{RedisError, RedisResult, Script, from_redis_value};

use super::{Cache, millis};

/// A floor to raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raise {
    /// Whose.
    pub entity: EntityKey,
    /// To which epoch
    pub epoch: Epoch,
    /// and version.
    pub version: Version,
}

/// What raising a floor did.
#[derive(Debug)]
pub enum Outcome {
    /// An older body was there and has been dropped: the entity is in use.
    Dropped,
    /// No older body was there.
    Absent,
    /// Redis refused this one for good, for example because a key holds another type.
    Refused(RedisError),
}

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(INVALIDATE));

impl Cache {
    /// Raises floors in one round trip and drops what is older; the outcomes come in the same order.
    /// An error means that any of them may or may not have been raised: try all again.
    pub async fn raise_floors(
        &self,
        raises: &[Raise],
        floor_life: Duration,
    ) -> RedisResult<Vec<Outcome>> {
        let life = millis(floor_life);
        let invocations: Vec<_> = raises
            .iter()
            .map(|raise| {
                let keys = Keys::new(&self.prefix, &raise.entity);
                let mut invocation = SCRIPT.key(keys.body);
                invocation.key(keys.floor).key(keys.lease);
                invocation.arg(position(raise.epoch, raise.version)).arg(life);
                invocation
            })
            .collect();
        let results = self.run_all(&SCRIPT, &invocations).await?;
        results.into_iter().map(outcome).collect()
    }
}

fn outcome(result: RedisResult<redis::Value>) -> RedisResult<Outcome> {
    match result.and_then(|value| Ok(from_redis_value::<i64>(value)?)) {
        Ok(0) => Ok(Outcome::Absent),
        Ok(_) => Ok(Outcome::Dropped),
        Err(error) if is_lasting(&error) => Ok(Outcome::Refused(error)),
        Err(error) => Err(error),
    }
}

/// Whether the server would refuse the same again whenever it is asked: a fault of this entity's
/// keys, and not of the server's present state (loading, read-only, out of memory).
fn is_lasting(error: &RedisError) -> bool {
    error.code() == Some("WRONGTYPE")
        || error.detail().is_some_and(|detail| detail.contains("WRONGTYPE"))
}
