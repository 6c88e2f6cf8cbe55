//! What can be set about the publisher.

use std::time::Duration;

use serde::Deserialize;
use service_kit::settings::Invalid;

/// `publisher`: whether and how changes are published.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct PublisherSettings {
    /// Whether this process takes part in the election of the publisher.
    pub enabled: bool,
    /// The replication slot, made when it is not there: lower case letters, digits, underscores.
    pub slot: String,
    /// How often the slot is told what Kafka has acknowledged; what it was not told is published
    /// twice when the publisher dies.
    #[serde(with = "humantime_serde")]
    pub confirm_interval: Duration,
    /// How long Kafka may take to acknowledge a record; then the slot is let go, and whoever
    /// reaches Kafka goes on from what was confirmed.
    #[serde(with = "humantime_serde")]
    pub delivery_timeout: Duration,
    /// How many partitions the topic gets when it is not there: invalidators above that have nothing
    /// to read.
    pub partitions: i32,
}

impl Default for PublisherSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            slot: "vitrina_publisher".to_owned(),
            confirm_interval: Duration::from_millis(200),
            delivery_timeout: Duration::from_mins(1),
            partitions: 12,
        }
    }
}

impl PublisherSettings {
    /// Refuses what PostgreSQL would not take as a slot's name, and silence that it would end.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !(1..=63).contains(&self.slot.len()) || !self.slot.chars().all(allowed) {
            return Err(Invalid::new(
                format!("{section}.slot"),
                "is not 1 to 63 lower case letters, digits and underscores",
            ));
        }
        if self.confirm_interval > Duration::from_secs(2) {
            return Err(Invalid::new(
                format!("{section}.confirm_interval"),
                "is longer than 2s: the primary would take the publisher for dead",
            ));
        }
        if self.delivery_timeout < Duration::from_secs(1) {
            return Err(Invalid::new(
                format!("{section}.delivery_timeout"),
                "is shorter than 1s: a new leader of a partition takes longer",
            ));
        }
        if self.partitions < 1 {
            return Err(Invalid::new(
                format!("{section}.partitions"),
                "is less than 1: set it to at least 1",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_has_a_name_that_needs_no_quotes() {
        let named = |slot: &str| PublisherSettings { slot: slot.to_owned(), ..Default::default() };
        assert!(named("vitrina_2").validate("publisher").is_ok());
        for bad in ["", "Vitrina", "a-b", "a b; DROP", &"a".repeat(64)] {
            assert!(named(bad).validate("publisher").is_err(), "{bad}");
        }
    }
}
