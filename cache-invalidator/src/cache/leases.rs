//! Leases and fills: who loads an entity again, and what of it is accepted.

use std::{sync::LazyLock, time::Duration};

use catalog_core::{
    contract::redis_entry::{ANY_HORIZON, Body, FETCH, FILL, Keys, RELEASE, fixed_width, position},
    freshness::{Epoch, Version},
    key::EntityKey,
};
use redis::{RedisResult, Script, from_redis_value};
use uuid::Uuid;

use super::{Cache, millis};

/// An entity to load again, with the lease under which that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refill {
    /// Which.
    pub entity: EntityKey,
    /// In which epoch
    pub epoch: Epoch,
    /// and in at least which version.
    pub version: Version,
    /// The token that makes the lease ours.
    pub token: Uuid,
}

/// What became of a fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// The body is in Redis.
    Yes,
    /// The lease had ended, or the floor had risen, or a newer body was there, or the script failed.
    No,
}

static FETCH_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(FETCH));
static FILL_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(FILL));
static RELEASE_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(RELEASE));

impl Cache {
    /// Asks for the leases of all in one round trip and keeps those refills whose lease was given;
    /// the others are being loaded by somebody or have been loaded.
    pub async fn lease(
        &self,
        refills: Vec<Refill>,
        lease_life: Duration,
        floor_life: Duration,
    ) -> RedisResult<Vec<Refill>> {
        let invocations: Vec<_> = refills
            .iter()
            .map(|refill| {
                let keys = Keys::new(&self.prefix, &refill.entity);
                let mut invocation = FETCH_SCRIPT.key(keys.body);
                invocation.key(keys.floor).key(keys.lease);
                invocation
                    .arg(position(refill.epoch, refill.version))
                    .arg(refill.token.to_string())
                    .arg(millis(lease_life))
                    .arg(millis(floor_life))
                    .arg(fixed_width(ANY_HORIZON));
                invocation
            })
            .collect();
        let answers = self.run_all(&FETCH_SCRIPT, &invocations).await?;
        let given = answers.into_iter().map(|answer| {
            let answer = answer.and_then(|value| Ok(from_redis_value::<Vec<u8>>(value)?));
            answer.is_ok_and(|answer| answer == b"lease")
        });
        Ok(refills.into_iter().zip(given).filter(|(_, given)| *given).map(|(it, _)| it).collect())
    }

    /// Ends leases under which nothing will be filled, in one round trip, so that readers need not
    /// wait until they have lived out their life.
    pub async fn release(&self, refills: &[Refill]) -> RedisResult<()> {
        let invocations: Vec<_> = refills
            .iter()
            .map(|refill| {
                let keys = Keys::new(&self.prefix, &refill.entity);
                let mut invocation = RELEASE_SCRIPT.key(keys.body);
                invocation.key(keys.floor).key(keys.lease).arg(refill.token.to_string());
                invocation
            })
            .collect();
        self.run_all(&RELEASE_SCRIPT, &invocations).await.map(|_| ())
    }

    /// Fills in loaded bodies in one round trip; the outcomes come in the same order.
    pub async fn fill(
        &self,
        loaded: &[(Refill, Body<'_>)],
        entry_life: Duration,
    ) -> RedisResult<Vec<Filled>> {
        let invocations: Vec<_> = loaded
            .iter()
            .map(|(refill, body)| {
                let keys = Keys::new(&self.prefix, &refill.entity);
                let mut invocation = FILL_SCRIPT.key(keys.body);
                invocation.key(keys.floor).key(keys.lease);
                invocation
                    .arg(position(body.epoch, body.version))
                    .arg(refill.token.to_string())
                    .arg(body.encode())
                    .arg(millis(entry_life));
                invocation
            })
            .collect();
        let answers = self.run_all(&FILL_SCRIPT, &invocations).await?;
        Ok(answers
            .into_iter()
            .map(|answer| {
                let answer = answer.and_then(|value| Ok(from_redis_value::<String>(value)?));
                if answer.is_ok_and(|answer| answer == "filled") { Filled::Yes } else { Filled::No }
            })
            .collect())
    }
}
