//! Redis: saves replica reads, and is never waited for long.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use catalog_core::{
    contract::redis_entry::{self, Body, Keys},
    freshness::{Epoch, Version, Xid},
    key::EntityKey,
};
use redis::{
    Client, RedisResult, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::ExposeSecret as _;
use service_kit::{breaker::Breaker, settings::RedisSettings};
use tokio::time::timeout;

use crate::metrics::RedisMetrics;

/// After so many failures in a row Redis is left alone for [`REST`].
const FAILURES: u32 = 5;
const REST: Duration = Duration::from_secs(1);
/// One caller in so long loads a product for all pods.
const LEASE: Duration = Duration::from_millis(500);
/// Longer than the longest load and the longest tolerated replica lag together.
const FLOOR_LIFE: Duration = Duration::from_mins(10);
/// Of what does not exist: anybody can ask for that, so it must not fill Redis.
const ABSENT_LIFE: Duration = Duration::from_mins(1);

/// What is wanted of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// It is of this epoch or a later one,
    pub epoch: Epoch,
    /// in this version or a later one,
    pub version: Version,
    /// with this horizon or a later one: with less this pod can prove nothing.
    pub horizon: Xid,
}

/// What a fetch gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A body, at or above the floor, with the horizon that is wanted.
    Body(Vec<u8>),
    /// The caller loads, and fills with its token.
    Lease,
    /// Another is loading.
    Wait,
}

/// The shared cache. Every answer is an `Option`: `None` means that Redis is away and must be done
/// without.
pub struct RedisCache {
    connection: ConnectionManager,
    breaker: Breaker,
    prefix: String,
    limit: Duration,
    body_life: Duration,
    fetch: Script,
    fill: Script,
    release: Script,
    metrics: RedisMetrics,
}

impl std::fmt::Debug for RedisCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisCache").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl RedisCache {
    /// Connects when it is first used. Needs a runtime around it.
    pub fn new(settings: &RedisSettings, body_life: Duration) -> RedisResult<Self> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(settings.connect_timeout))
            .set_response_timeout(Some(settings.response_timeout))
            .set_number_of_retries(1);
        let client = Client::open(settings.url.expose_secret())?;
        Ok(Self {
            connection: ConnectionManager::new_lazy_with_config(client, config)?,
            breaker: Breaker::new(FAILURES, REST),
            prefix: settings.key_prefix.clone(),
            limit: settings.response_timeout,
            body_life,
            fetch: Script::new(redis_entry::FETCH),
            fill: Script::new(redis_entry::FILL),
            release: Script::new(redis_entry::RELEASE),
            metrics: RedisMetrics::resolve(),
        })
    }

    /// The bodies of these things, in order.
    pub async fn get(&self, keys: &[EntityKey]) -> Option<Vec<Option<Vec<u8>>>> {
        let mut pipeline = redis::pipe();
        for key in keys {
            pipeline.get(self.keys(key).body);
        }
        let mut connection = self.connection.clone();
        self.bounded(pipeline.query_async(&mut connection)).await
    }

    /// After a miss or a rejected body: raises the floor to the version wanted, and says who loads.
    pub async fn fetch(&self, key: &EntityKey, wanted: Wanted, token: &str) -> Option<Fetched> {
        let mut connection = self.connection.clone();
        let mut call = self.fetch.prepare_invoke();
        self.name_keys(&mut call, key);
        call.arg(redis_entry::position(wanted.epoch, wanted.version))
            .arg(token)
            .arg(millis(LEASE))
            .arg(millis(FLOOR_LIFE))
            .arg(redis_entry::fixed_width(wanted.horizon));
        let answer: Vec<u8> = self.bounded(call.invoke_async(&mut connection)).await?;
        Some(match answer.as_slice() {
            b"lease" => Fetched::Lease,
            b"wait" => Fetched::Wait,
            _ => Fetched::Body(answer),
        })
    }

    /// Stores what was loaded under the lease of `token`, unless the script refuses it.
    pub async fn fill(&self, key: &EntityKey, body: &Body<'_>, token: &str) {
        let life = if body.document.is_some() { self.body_life } else { ABSENT_LIFE };
        let mut connection = self.connection.clone();
        let mut call = self.fill.prepare_invoke();
        self.name_keys(&mut call, key);
        call.arg(redis_entry::position(body.epoch, body.version))
            .arg(token)
            .arg(body.encode())
            .arg(millis(life));
        let outcome: Option<String> = self.bounded(call.invoke_async(&mut connection)).await;
        self.metrics.filled(outcome.as_deref());
    }

    /// Ends the lease of `token`, under which nothing will be filled, so that others need not wait
    /// until it has lived out its life.
    pub async fn release(&self, key: &EntityKey, token: &str) {
        let mut connection = self.connection.clone();
        let mut call = self.release.prepare_invoke();
        self.name_keys(&mut call, key);
        call.arg(token);
        self.bounded(call.invoke_async::<()>(&mut connection)).await;
    }

    fn keys(&self, key: &EntityKey) -> Keys {
        Keys::new(&self.prefix, key)
    }

    fn name_keys(&self, call: &mut redis::ScriptInvocation<'_>, key: &EntityKey) {
        let keys = self.keys(key);
        call.key(keys.body).key(keys.floor).key(keys.lease);
    }

    async fn bounded<T>(&self, call: impl Future<Output = RedisResult<T>>) -> Option<T> {
        let Some(permit) = self.breaker.permit(Instant::now()) else {
            self.metrics.refused();
            return None;
        };
        let begun = Instant::now();
        let answer = match timeout(self.limit, call).await {
            Ok(Ok(answer)) => {
                permit.succeeded();
                self.metrics.answered(begun.elapsed());
                Some(answer)
            }
            Ok(Err(error)) => {
                permit.failed(Instant::now());
                self.metrics.failed();
                tracing::debug!(error.message = %error, "Redis failed");
                None
            }
            Err(_) => {
                permit.failed(Instant::now());
                self.metrics.failed();
                None
            }
        };
        self.metrics.breaker(self.breaker.is_closed());
        answer
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
