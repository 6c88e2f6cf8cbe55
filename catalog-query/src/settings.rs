//! The settings of this service: those that services share, and its own.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use service_kit::settings::{
    HttpSettings, Invalid, KafkaSettings, LogSettings, OpsSettings, PostgresSettings,
    RedisSettings, ReplicaSettings, SessionSettings, SettingsError, ShutdownSettings,
    TraceSettings, validate_key,
};

/// This service's own defaults for shared sections: a storefront's reader does not wait long.
pub const DEFAULTS: [(&str, &str); 8] = [
    ("http.bind", "0.0.0.0:8080"),
    ("ops.bind", "0.0.0.0:9080"),
    ("replica.pool.connect_timeout", "500ms"),
    ("replica.pool.wait_timeout", "500ms"),
    ("replica.pool.statement_timeout", "2s"),
    ("primary.pool.connect_timeout", "500ms"),
    ("primary.pool.wait_timeout", "500ms"),
    ("primary.pool.statement_timeout", "2s"),
];

const SHORTEST_BOUND: Duration = Duration::from_millis(400);

/// All settings.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// The public port.
    pub http: HttpSettings,
    /// The operations port.
    pub ops: OpsSettings,
    /// Logs.
    pub log: LogSettings,
    /// Traces.
    #[serde(default)]
    pub traces: TraceSettings,
    /// The pace at which the process ends.
    pub shutdown: ShutdownSettings,
    /// Is polled, and loaded from when no replica will do.
    pub primary: PostgresSettings,
    /// Are loaded from.
    pub replica: ReplicaSettings,
    /// Saves replica reads.
    pub redis: RedisSettings,
    /// Tells of changes.
    pub kafka: KafkaSettings,
    /// The promise.
    pub freshness: FreshnessSettings,
    /// Memory.
    pub cache: CacheSettings,
    /// Limits of loads.
    pub load: LoadSettings,
    /// Cursors of lists.
    pub cursor: CursorSettings,
    /// What callers carry from one request to the next.
    pub session: SessionSettings,
}

/// `freshness`: how old answers may be.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct FreshnessSettings {
    /// How old an answer may be that does not say that it is stale.
    #[serde(with = "humantime_serde")]
    pub bound: Duration,
    /// For how long after it was last known to be good an entry may be answered, labelled.
    #[serde(with = "humantime_serde")]
    pub max_stale: Duration,
    /// How many changed things a pod remembers, about 200 bytes each.
    pub recent_limit: usize,
    /// How long the process waits for its first poll before it says that it is ready without.
    #[serde(with = "humantime_serde")]
    pub ready_without: Duration,
}

impl Default for FreshnessSettings {
    fn default() -> Self {
        Self {
            bound: Duration::from_secs(2),
            max_stale: Duration::from_hours(24),
            recent_limit: 1_000_000,
            ready_without: Duration::from_secs(3),
        }
    }
}

/// `cache`: what is remembered.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct CacheSettings {
    /// About how many bytes of answers, lists and documents the process keeps in memory.
    pub memory_bytes: u64,
    /// How long Redis keeps a document.
    #[serde(with = "humantime_serde")]
    pub redis_life: Duration,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self { memory_bytes: 256 * 1024 * 1024, redis_life: Duration::from_hours(1) }
    }
}

/// `load`: how much may be asked of the stores.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct LoadSettings {
    /// How many products, and how many other things, may wait for their load; the surplus is refused.
    pub waiting: usize,
    /// How many statements there may be at once on the primary.
    pub primary_concurrency: usize,
    /// How long a request waits, for all that it needs together.
    #[serde(with = "humantime_serde")]
    pub wait: Duration,
    /// How long a load may take.
    #[serde(with = "humantime_serde")]
    pub limit: Duration,
    /// How long one statement may take.
    #[serde(with = "humantime_serde")]
    pub statement: Duration,
}

impl Default for LoadSettings {
    fn default() -> Self {
        Self {
            waiting: 2048,
            primary_concurrency: 4,
            wait: Duration::from_millis(2500),
            limit: Duration::from_secs(2),
            statement: Duration::from_secs(1),
        }
    }
}

/// `cursor`: the seal on the cursors of lists.
#[derive(Debug, Clone, Deserialize)]
pub struct CursorSettings {
    /// A secret that all pods share, at least 32 characters long.
    pub key: SecretString,
}

impl Settings {
    /// From the environment and the file that it names.
    pub fn load() -> Result<Self, SettingsError> {
        service_kit::settings::load(&DEFAULTS)
    }

    fn validate_own(&self) -> Result<(), Invalid> {
        let positive = |key: &str, good: bool| {
            let reason = "is 0: set it to more than that";
            if good { Ok(()) } else { Err(Invalid::new(key, reason)) }
        };
        if self.freshness.bound < SHORTEST_BOUND {
            let reason = "is shorter than \"400ms\": a pod cannot poll often enough for that";
            return Err(Invalid::new("freshness.bound", reason));
        }
        if self.freshness.max_stale < self.freshness.bound {
            let reason =
                "is shorter than freshness.bound: answers would fail before they are stale";
            return Err(Invalid::new("freshness.max_stale", reason));
        }
        validate_key("cursor.key", &self.cursor.key)?;
        positive("freshness.recent_limit", self.freshness.recent_limit > 0)?;
        positive("cache.memory_bytes", self.cache.memory_bytes > 0)?;
        positive("cache.redis_life", !self.cache.redis_life.is_zero())?;
        positive("load.waiting", self.load.waiting > 0)?;
        positive("load.primary_concurrency", self.load.primary_concurrency > 0)?;
        positive("load.wait", !self.load.wait.is_zero())?;
        positive("load.limit", !self.load.limit.is_zero())?;
        positive("load.statement", !self.load.statement.is_zero())
    }
}

impl service_kit::settings::Settings for Settings {
    fn validate(&self) -> Result<(), Invalid> {
        self.http.validate("http")?;
        self.log.validate("log")?;
        self.traces.validate("traces")?;
        self.shutdown.validate("shutdown")?;
        self.primary.validate("primary")?;
        self.replica.validate("replica")?;
        self.redis.validate("redis")?;
        self.kafka.validate("kafka")?;
        self.session.validate("session")?;
        self.validate_own()
    }
}
