use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::positive;
use crate::settings::{Invalid, comma_separated};

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
