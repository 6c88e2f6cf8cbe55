use serde::Deserialize;

use crate::settings::{Invalid, comma_separated};

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
