//! The settings of the invalidator.

use std::time::Duration;

use serde::Deserialize;
use service_kit::settings::{
    Invalid, KafkaSettings, LogSettings, OpsSettings, PostgresSettings, RedisSettings,
    ReplicaSettings, Settings, ShutdownSettings, TraceSettings, comma_separated,
};

/// What this service sets otherwise than the shared sections do. The response timeout is longer
/// than a reader's: nobody waits for the invalidator, and a batch of scripts takes its time. A
/// replica ends a statement soon after it has been given up here.
pub const DEFAULTS: &[(&str, &str)] = &[
    ("ops.bind", "0.0.0.0:9082"),
    ("redis.response_timeout", "1s"),
    ("replica.pool.statement_timeout", "1s"),
];

/// All settings.
#[derive(Debug, Clone, Deserialize)]
pub struct InvalidatorSettings {
    /// Where to serve operations.
    #[serde(default)]
    pub ops: OpsSettings,
    /// What to log.
    #[serde(default)]
    pub log: LogSettings,
    /// Where to send spans.
    #[serde(default)]
    pub traces: TraceSettings,
    /// How to end.
    #[serde(default)]
    pub shutdown: ShutdownSettings,
    /// Where the changes are read.
    pub kafka: KafkaSettings,
    /// As whom they are read, and how many at once.
    #[serde(default)]
    pub consumer: ConsumerSettings,
    /// Where the entries are.
    pub redis: RedisSettings,
    /// Where products are loaded for refills.
    pub replica: ReplicaSettings,
    /// How refills are bounded.
    #[serde(default)]
    pub refill: RefillSettings,
    /// Where the auditor looks.
    #[serde(default)]
    pub audit: AuditSettings,
    /// What the auditor compares its findings with; without it they stay open.
    pub primary: Option<PostgresSettings>,
}

/// `consumer`: the consumer group and its batches.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct ConsumerSettings {
    /// The consumer group; its members share the partitions.
    pub group: String,
    /// How many records have their effect in one round trip to Redis.
    pub batch: usize,
    /// How long a floor stands: longer than the longest load and the longest replica lag together
    /// that are tolerated, for it refuses what such a load brings.
    #[serde(with = "humantime_serde")]
    pub floor_life: Duration,
}

impl Default for ConsumerSettings {
    fn default() -> Self {
        Self {
            group: "cache-invalidator".to_owned(),
            batch: 500,
            floor_life: Duration::from_mins(10),
        }
    }
}

/// `refill`: products that were in Redis when they changed are loaded again.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct RefillSettings {
    /// How many may wait; the surplus is left to the readers.
    pub queue: usize,
    /// How many are loaded in one statement.
    pub batch: usize,
    /// How long a load may take, the wait for a replica to have the change included. The lease under
    /// which it is made lives a little longer, and readers wait for that.
    #[serde(with = "humantime_serde")]
    pub patience: Duration,
    /// How long a refilled entry stays in Redis when nothing changes.
    #[serde(with = "humantime_serde")]
    pub entry_life: Duration,
}

impl Default for RefillSettings {
    fn default() -> Self {
        Self {
            queue: 10_000,
            batch: 100,
            patience: Duration::from_millis(400),
            entry_life: Duration::from_hours(1),
        }
    }
}

/// `audit`: what has changed is looked at after a while, in Redis and in the pods.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct AuditSettings {
    /// `host:port` of catalog-query's operations ports; a name may stand for many pods. Redis alone is
    /// looked at while there is none.
    #[serde(deserialize_with = "comma_separated")]
    pub pods: Vec<String>,
    /// How many changes may wait for each look; the surplus is not looked at.
    pub queue: usize,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self { pods: Vec::new(), queue: 10_000 }
    }
}

impl AuditSettings {
    fn validate(&self) -> Result<(), Invalid> {
        let is_address = |pod: &String| {
            pod.rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        };
        if let Some(wrong) = self.pods.iter().find(|pod| !is_address(pod)) {
            let reason =
                format!("has `{wrong}`: give each as host:port, such as catalog-query:9080");
            return Err(Invalid::new("audit.pods", reason));
        }
        Ok(())
    }
}

impl Settings for InvalidatorSettings {
    fn validate(&self) -> Result<(), Invalid> {
        self.log.validate("log")?;
        self.traces.validate("traces")?;
        self.shutdown.validate("shutdown")?;
        self.kafka.validate("kafka")?;
        self.redis.validate("redis")?;
        self.replica.validate("replica")?;
        self.audit.validate()?;
        if let Some(primary) = &self.primary {
            primary.validate("primary")?;
        }
        for (key, value) in [
            ("consumer.batch", self.consumer.batch),
            ("refill.queue", self.refill.queue),
            ("refill.batch", self.refill.batch),
            ("audit.queue", self.audit.queue),
        ] {
            if value == 0 {
                return Err(Invalid::new(key, "is 0: set it to at least 1"));
            }
        }
        if self.refill.patience.is_zero() {
            return Err(Invalid::new("refill.patience", "is 0: set it to some 100 ms, like 400ms"));
        }
        Ok(())
    }
}
