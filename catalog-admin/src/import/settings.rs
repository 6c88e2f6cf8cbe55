use std::time::Duration;

use serde::Deserialize;
use service_kit::settings::Invalid;

/// One for its claim, as long as it runs, and one for the batch that is being written.
const CONNECTIONS_OF_AN_IMPORT: usize = 2;

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
    /// How long a batch is tried again while the primary cannot be reached.
    #[serde(with = "humantime_serde")]
    pub patience: Duration,
    /// How long it is remembered how an import ended.
    #[serde(with = "humantime_serde")]
    pub keep: Duration,
}

impl Default for ImportSettings {
    fn default() -> Self {
        Self {
            concurrent: 2,
            batch_lines: 1_000,
            idle: Duration::from_mins(1),
            patience: Duration::from_secs(30),
            keep: Duration::from_hours(30 * 24),
        }
    }
}

impl ImportSettings {
    /// `connections` are those that imports share with editors.
    pub(crate) fn validate(&self, section: &str, connections: usize) -> Result<(), Invalid> {
        if self.concurrent == 0 {
            return Err(Invalid::new(
                format!("{section}.concurrent"),
                "is 0: no import could ever run; set it to 1 or more",
            ));
        }
        if self.concurrent.saturating_mul(CONNECTIONS_OF_AN_IMPORT) >= connections {
            return Err(Invalid::new(
                format!("{section}.concurrent"),
                "leaves editors no connection, since each import takes two: set it below half of \
                 primary.pool.size, or that higher",
            ));
        }
        if !(1..=10_000).contains(&self.batch_lines) {
            return Err(Invalid::new(
                format!("{section}.batch_lines"),
                "is not between 1 and 10000: set it to 1000",
            ));
        }
        if self.keep < Duration::from_hours(1) {
            return Err(Invalid::new(
                format!("{section}.keep"),
                "is shorter than 1h: who sent an import could not ask what came of it",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_leave_editors_a_connection() {
        let judged = |concurrent, connections| {
            ImportSettings { concurrent, ..ImportSettings::default() }
                .validate("import", connections)
                .is_ok()
        };
        assert!(judged(2, 8) && judged(3, 8) && judged(1, 3));
        assert!(!judged(4, 8) && !judged(8, 8) && !judged(1, 2) && !judged(usize::MAX, 8));
    }
}
