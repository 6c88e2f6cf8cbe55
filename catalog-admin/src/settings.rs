//! What can be set, by `VITRINA_…` variables or the file that `VITRINA_CONFIG` names.

use std::time::Duration;

use serde::Deserialize;
use service_kit::settings::{
    HttpSettings, Invalid, KafkaSettings, LogSettings, OpsSettings, PostgresSettings,
    SessionSettings, ShutdownSettings, TraceSettings,
};

use crate::epoch::{BeatSettings, WritersSettings};
use crate::import::ImportSettings;
use crate::publisher::PublisherSettings;

/// What differs from the services' common defaults. Edits are few, and each is worth following.
pub const DEFAULTS: &[(&str, &str)] =
    &[("http.bind", "0.0.0.0:8081"), ("ops.bind", "0.0.0.0:9081"), ("traces.sample_ratio", "1")];

/// The settings of catalog-admin.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// The port that serves editors.
    #[serde(default)]
    pub http: HttpSettings,
    /// The port of health and metrics.
    #[serde(default)]
    pub ops: OpsSettings,
    /// What is logged.
    #[serde(default)]
    pub log: LogSettings,
    /// Where spans are sent.
    #[serde(default)]
    pub traces: TraceSettings,
    /// The pace at which the process ends.
    #[serde(default)]
    pub shutdown: ShutdownSettings,
    /// The server that is written to, as the role that owns the catalog.
    pub primary: PostgresSettings,
    /// Whose tokens are accepted.
    pub auth: AuthSettings,
    /// How long answers to creations are kept for those who ask again.
    #[serde(default)]
    pub idempotency: IdempotencySettings,
    /// Bulk loads.
    #[serde(default)]
    pub import: ImportSettings,
    /// What callers carry from one request to the next.
    pub session: SessionSettings,
    /// Where changes are published.
    pub kafka: KafkaSettings,
    /// Whether and how changes are published.
    #[serde(default)]
    pub publisher: PublisherSettings,
    /// The pace of the history row.
    #[serde(default)]
    pub beat: BeatSettings,
    /// The watch for writing transactions that stay open.
    #[serde(default)]
    pub writers: WritersSettings,
}

impl service_kit::settings::Settings for Settings {
    fn validate(&self) -> Result<(), Invalid> {
        self.http.validate("http")?;
        self.log.validate("log")?;
        self.traces.validate("traces")?;
        self.shutdown.validate("shutdown")?;
        self.primary.validate("primary")?;
        self.auth.validate("auth")?;
        self.idempotency.validate("idempotency")?;
        self.import.validate("import", self.primary.pool.size)?;
        self.session.validate("session")?;
        self.kafka.validate("kafka")?;
        self.publisher.validate("publisher")?;
        self.beat.validate("beat")?;
        self.writers.validate("writers")
    }
}

/// `auth`: whose tokens are accepted.
#[derive(Debug, Clone, Deserialize)]
pub struct AuthSettings {
    /// The JSON Web Key Set: a file's path, or an `http://` or `https://` address.
    pub jwks: String,
    /// What a token's `iss` must be.
    #[serde(default = "AuthSettings::default_issuer")]
    pub issuer: String,
    /// What a token's `aud` must name.
    #[serde(default = "AuthSettings::default_audience")]
    pub audience: String,
    /// How often the keys are read again, so that a new one is known before it is used.
    #[serde(default = "AuthSettings::default_refresh", with = "humantime_serde")]
    pub refresh: Duration,
    /// How far clocks may differ when `exp` and `nbf` are checked.
    #[serde(default = "AuthSettings::default_leeway", with = "humantime_serde")]
    pub leeway: Duration,
}

impl AuthSettings {
    fn default_issuer() -> String {
        "vitrina-dev".to_owned()
    }

    fn default_audience() -> String {
        "vitrina".to_owned()
    }

    fn default_refresh() -> Duration {
        Duration::from_mins(5)
    }

    fn default_leeway() -> Duration {
        Duration::from_secs(10)
    }

    fn validate(&self, section: &str) -> Result<(), Invalid> {
        for (key, value) in
            [("jwks", &self.jwks), ("issuer", &self.issuer), ("audience", &self.audience)]
        {
            if value.is_empty() {
                return Err(Invalid::new(format!("{section}.{key}"), "is empty: set it"));
            }
        }
        if self.refresh < Duration::from_secs(1) {
            return Err(Invalid::new(format!("{section}.refresh"), "is shorter than 1s"));
        }
        if self.leeway > Duration::from_mins(5) {
            return Err(Invalid::new(
                format!("{section}.leeway"),
                "is longer than 5m: tokens would outlive their expiry",
            ));
        }
        Ok(())
    }
}

/// `idempotency`: answers to requests with an `Idempotency-Key`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct IdempotencySettings {
    /// How long the first answer is kept.
    #[serde(with = "humantime_serde")]
    pub ttl: Duration,
}

impl Default for IdempotencySettings {
    fn default() -> Self {
        Self { ttl: Duration::from_hours(24) }
    }
}

impl IdempotencySettings {
    fn validate(&self, section: &str) -> Result<(), Invalid> {
        if self.ttl < Duration::from_mins(1) {
            return Err(Invalid::new(
                format!("{section}.ttl"),
                "is shorter than 1m: a caller who tries again would create twice",
            ));
        }
        Ok(())
    }
}
