//! The invalidator's effects on Redis: many entities in one round trip, each by one script on its
//! own keys.

mod bodies;
mod floors;
mod leases;
mod scripts;

use std::time::Duration;

use redis::{Client, aio::ConnectionManager, aio::ConnectionManagerConfig};
use secrecy::ExposeSecret as _;
use service_kit::settings::RedisSettings;

pub use floors::{Outcome, Raise};
pub use leases::{Filled, Refill};

/// The shared cache. Cheap to clone: all clones use one multiplexed connection.
#[derive(Clone)]
pub struct Cache {
    connection: ConnectionManager,
    prefix: String,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Cache {
    /// Connects at first use and again whenever that is needed, so Redis may be away at the start.
    pub fn new(settings: &RedisSettings) -> Result<Self, redis::RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(settings.connect_timeout))
            .set_response_timeout(Some(settings.response_timeout))
            // The caller retries with its own pace, so a failure shall be told at once.
            .set_number_of_retries(1);
        let client = Client::open(settings.url.expose_secret())?;
        let connection = ConnectionManager::new_lazy_with_config(client, config)?;
        Ok(Self { connection, prefix: settings.key_prefix.clone() })
    }
}

/// As the scripts take a key's life.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
