//! What can be set about the beat and about long writers.

use std::time::Duration;

use serde::Deserialize;
use service_kit::settings::Invalid;

/// `beat`: the pace of the history row.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct BeatSettings {
    /// The time between two beats.
    #[serde(with = "humantime_serde")]
    pub interval: Duration,
}

impl Default for BeatSettings {
    fn default() -> Self {
        Self { interval: Duration::from_millis(250) }
    }
}

impl BeatSettings {
    /// Refuses a pace that burdens the primary, and one by which lists are never proven.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        if (Duration::from_millis(10)..=Duration::from_secs(1)).contains(&self.interval) {
            return Ok(());
        }
        Err(Invalid::new(
            format!("{section}.interval"),
            "is not between 10ms and 1s: lists are proven by beats, a few in each bound",
        ))
    }
}

/// `writers`: the watch for writing transactions that stay open and hold the horizon back.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct WritersSettings {
    /// How old one must be to be warned of.
    #[serde(with = "humantime_serde")]
    pub warn_after: Duration,
    /// How old one must be to be ended; absent: none is ever ended.
    #[serde(with = "humantime_serde")]
    pub end_after: Option<Duration>,
}

impl Default for WritersSettings {
    fn default() -> Self {
        Self { warn_after: Duration::from_secs(30), end_after: None }
    }
}

impl WritersSettings {
    /// Refuses an age at which honest writers would be ended.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        if self.end_after.is_some_and(|age| age < Duration::from_mins(1)) {
            return Err(Invalid::new(
                format!("{section}.end_after"),
                "is shorter than 1m: imports would be ended",
            ));
        }
        Ok(())
    }
}
