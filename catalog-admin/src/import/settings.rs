use std::time::Duration;

use serde::Deserialize;
use service_kit::settings::Invalid;

/// `import`: bulk loads.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct ImportSettings {
    /// How many imports run at a time in this process; who comes then is told to come again.
    pub concurrent: usize,
    /// At most so many lines are written in one transaction. Few, because a transaction that is
    /// long open holds back the horizon by which all caches prove what they serve.
    pub batch_lines: usize,
    /// How long a sender may be silent in the middle of its body.
    #[serde(with = "humantime_serde")]
    pub idle: Duration,
}

impl Default for ImportSettings {
    fn default() -> Self {
        Self { concurrent: 2, batch_lines: 1_000, idle: Duration::from_mins(1) }
    }
}

impl ImportSettings {
    pub(crate) fn validate(&self, section: &str) -> Result<(), Invalid> {
        if self.concurrent == 0 {
            return Err(Invalid::new(
                format!("{section}.concurrent"),
                "is 0: no import could ever run; set it to 1 or more",
            ));
        }
        if !(1..=10_000).contains(&self.batch_lines) {
            return Err(Invalid::new(
                format!("{section}.batch_lines"),
                "is not between 1 and 10000: set it to 1000",
            ));
        }
        if self.idle.is_zero() {
            return Err(Invalid::new(
                format!("{section}.idle"),
                "is 0: set it to a time such as \"60s\"",
            ));
        }
        Ok(())
    }
}
