//! The sections that more than one service has.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Invalid, comma_separated};

/// `http`: the port that serves callers.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct HttpSettings {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// How long a connection may take to send a request's head, counted from its acceptance or
    /// from the previous answer; so it is also how long an idle connection is kept.
    #[serde(with = "humantime_serde")]
    pub header_read_timeout: Duration,
    /// How long a request may take until its answer begins.
    #[serde(with = "humantime_serde")]
    pub request_timeout: Duration,
    /// How many connections may be open; more wait in the listen queue.
    pub max_connections: usize,
    /// How many requests may be worked on at once; the surplus gets 503 immediately.
    pub max_in_flight: usize,
    /// How many bytes a request's head may have.
    pub max_header_bytes: usize,
    /// How many bytes a request's body may have, where a route says nothing else.
    pub max_body_bytes: usize,
    /// How long requests in flight may take to end after the listener has closed.
    #[serde(with = "humantime_serde")]
    pub drain_timeout: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8080)),
            header_read_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(10),
            max_connections: 10_000,
            max_in_flight: 1_024,
            max_header_bytes: 32 * 1024,
            max_body_bytes: 1024 * 1024,
            drain_timeout: Duration::from_secs(15),
        }
    }
}

impl HttpSettings {
    /// Refuses limits that would let nothing through.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        for (key, value) in
            [("max_connections", self.max_connections), ("max_in_flight", self.max_in_flight)]
        {
            if value == 0 {
                return Err(Invalid::new(format!("{section}.{key}"), "is 0: set it to at least 1"));
            }
        }
        if self.max_header_bytes < 8192 {
            return Err(Invalid::new(
                format!("{section}.max_header_bytes"),
                "is too small: set it to at least 8192",
            ));
        }
        positive(section, "header_read_timeout", self.header_read_timeout)?;
        positive(section, "request_timeout", self.request_timeout)
    }
}

/// `ops`: the port of `/livez`, `/readyz`, `/metrics` and `/debug`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct OpsSettings {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
}

impl Default for OpsSettings {
    fn default() -> Self {
        Self { bind: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 9080)) }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// For a person at a terminal.
    Text,
}

/// `log`: what is logged to standard output, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct LogSettings {
    /// `json` or `text`.
    pub format: LogFormat,
    /// A filter as tracing-subscriber's `EnvFilter` reads it: `info,catalog_query=debug`.
    pub filter: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::Json, filter: "info".to_owned() }
    }
}

impl LogSettings {
    /// Refuses a filter that cannot be read.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        match tracing_subscriber::EnvFilter::try_new(&self.filter) {
            Ok(_) => Ok(()),
            Err(error) => Err(Invalid::new(
                format!("{section}.filter"),
                format!("is not a log filter such as \"info,hyper=warn\": {error}"),
            )),
        }
    }
}

/// `shutdown`: the pace at which a process ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct ShutdownSettings {
    /// How long the process goes on serving after it has said that it is not ready, so that load
    /// balancers notice before the listener closes.
    #[serde(with = "humantime_serde")]
    pub wait: Duration,
    /// How long all of the shutdown may take, `wait` included.
    #[serde(with = "humantime_serde")]
    pub deadline: Duration,
}

impl Default for ShutdownSettings {
    fn default() -> Self {
        Self { wait: Duration::from_secs(5), deadline: Duration::from_secs(28) }
    }
}

impl ShutdownSettings {
    /// Refuses a wait that the deadline would cut.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        if self.wait < self.deadline {
            return Ok(());
        }
        Err(Invalid::new(
            format!("{section}.wait"),
            format!("is not shorter than {section}.deadline: shorten it"),
        ))
    }
}

/// The `pool` of a PostgreSQL section.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct PoolSettings {
    /// How many connections there may be, per address.
    pub size: usize,
    /// How long to wait for a new connection.
    #[serde(with = "humantime_serde")]
    pub connect_timeout: Duration,
    /// How long to wait for a free connection.
    #[serde(with = "humantime_serde")]
    pub wait_timeout: Duration,
    /// After how long the server ends a statement; 0 for never.
    #[serde(with = "humantime_serde")]
    pub statement_timeout: Duration,
    /// How long the kernel waits for an acknowledgement of what was sent.
    #[serde(with = "humantime_serde")]
    pub tcp_user_timeout: Duration,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            size: 8,
            connect_timeout: Duration::from_secs(2),
            wait_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(10),
            tcp_user_timeout: Duration::from_secs(5),
        }
    }
}

impl PoolSettings {
    fn validate(&self, section: &str) -> Result<(), Invalid> {
        if self.size == 0 {
            return Err(Invalid::new(format!("{section}.pool.size"), "is 0: set it to at least 1"));
        }
        positive(section, "pool.connect_timeout", self.connect_timeout)?;
        positive(section, "pool.wait_timeout", self.wait_timeout)
    }
}

/// `primary`: the PostgreSQL server that is written to.
#[derive(Debug, Clone, Deserialize)]
pub struct PostgresSettings {
    /// `postgresql://user:password@host:port/database`; several hosts may stand with commas
    /// between them, with `?target_session_attrs=read-write` to find the primary.
    pub url: SecretString,
    /// Limits of the connections.
    #[serde(default)]
    pub pool: PoolSettings,
}

impl PostgresSettings {
    /// Refuses an address that cannot be read.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        check_postgres_url(&format!("{section}.url"), &self.url)?;
        self.pool.validate(section)
    }
}

/// `replica`: the PostgreSQL servers that are only read from.
#[derive(Debug, Clone, Deserialize)]
pub struct ReplicaSettings {
    /// One address per replica, each as in [`PostgresSettings::url`].
    #[serde(deserialize_with = "comma_separated")]
    pub urls: Vec<SecretString>,
    /// Limits of the connections to each.
    #[serde(default)]
    pub pool: PoolSettings,
}

impl ReplicaSettings {
    /// Refuses an empty list and addresses that cannot be read.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        let key = format!("{section}.urls");
        if self.urls.is_empty() {
            return Err(Invalid::new(key, "is empty: give at least one replica's address"));
        }
        for url in &self.urls {
            check_postgres_url(&key, url)?;
        }
        self.pool.validate(section)
    }

    /// The settings of each replica.
    pub fn each(&self) -> impl Iterator<Item = PostgresSettings> {
        self.urls.iter().map(|url| PostgresSettings { url: url.clone(), pool: self.pool.clone() })
    }
}

/// `redis`: the shared cache.
#[derive(Debug, Clone, Deserialize)]
pub struct RedisSettings {
    /// `redis://[user:password@]host:port[/database]`, or `rediss://` for TLS.
    pub url: SecretString,
    /// What every key begins with.
    #[serde(default = "RedisSettings::default_key_prefix")]
    pub key_prefix: String,
    /// How long to wait for a connection.
    #[serde(default = "RedisSettings::default_connect_timeout", with = "humantime_serde")]
    pub connect_timeout: Duration,
    /// How long to wait for an answer.
    #[serde(default = "RedisSettings::default_response_timeout", with = "humantime_serde")]
    pub response_timeout: Duration,
}

impl RedisSettings {
    fn default_key_prefix() -> String {
        "vitrina".to_owned()
    }

    fn default_connect_timeout() -> Duration {
        Duration::from_millis(500)
    }

    fn default_response_timeout() -> Duration {
        Duration::from_millis(100)
    }

    /// Refuses an address of another kind.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        let url = self.url.expose_secret();
        if !url.starts_with("redis://") && !url.starts_with("rediss://") {
            return Err(Invalid::new(
                format!("{section}.url"),
                "does not begin with redis:// or rediss://: give an address such as redis://localhost:6379",
            ));
        }
        positive(section, "connect_timeout", self.connect_timeout)?;
        positive(section, "response_timeout", self.response_timeout)
    }
}

/// `kafka`: where changes are published.
#[derive(Debug, Clone, Deserialize)]
pub struct KafkaSettings {
    /// `host:port` of the brokers to begin with.
    #[serde(deserialize_with = "comma_separated")]
    pub brokers: Vec<String>,
    /// What every topic's name begins with; empty in production.
    #[serde(default)]
    pub topic_prefix: String,
}

impl KafkaSettings {
    /// Refuses an empty list.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        if self.brokers.is_empty() {
            return Err(Invalid::new(
                format!("{section}.brokers"),
                "is empty: give at least one broker as host:port",
            ));
        }
        Ok(())
    }

    /// As librdkafka's `bootstrap.servers` wants them.
    pub fn bootstrap_servers(&self) -> String {
        self.brokers.join(",")
    }

    /// The topic's full name.
    pub fn topic(&self, name: &str) -> String {
        format!("{}{name}", self.topic_prefix)
    }
}

fn positive(section: &str, key: &str, value: Duration) -> Result<(), Invalid> {
    if value.is_zero() {
        return Err(Invalid::new(
            format!("{section}.{key}"),
            "is 0: set it to a time such as \"2s\"",
        ));
    }
    Ok(())
}

fn check_postgres_url(key: &str, url: &SecretString) -> Result<(), Invalid> {
    url.expose_secret().parse::<tokio_postgres::Config>().map(|_| ()).map_err(|error| {
        Invalid::new(
            key,
            format!(
                "is not an address such as postgresql://user:password@host:5432/vitrina ({error})"
            ),
        )
    })
}
