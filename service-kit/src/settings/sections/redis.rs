use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::positive;
use crate::settings::Invalid;

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
