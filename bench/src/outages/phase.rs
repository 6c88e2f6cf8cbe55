//! One outage and what was seen in it.

use std::{fmt::Write as _, time::Duration};

use super::Victim;
use crate::load::{Reading, millis};

/// What was seen from a kill until after the recovery.
#[derive(Debug, Clone)]
pub struct Phase {
    /// What was killed.
    pub victim: Victim,
    /// The answers and edits.
    pub reading: Reading,
    /// From the kill until after the recovery.
    pub length: Duration,
    /// Acknowledged edits that the primary does not have.
    pub lost: u64,
    /// From the restart until an edit was acknowledged and shown, unlabelled, by every process.
    pub recovery: Duration,
}

/// The phases as one table, a row an outage.
pub fn table(phases: &[Phase]) -> String {
    let mut text = format!(
        "{:12} {:>7} {:>9} {:>9} {:>7} {:>7} {:>6} {:>7} {:>6} {:>6} {:>8} {:>5} {:>9}\n",
        "killed",
        "judged",
        "p99",
        "slowest",
        "stale",
        "beyond",
        "wrong",
        "failed",
        "admin",
        "psql",
        "refused",
        "lost",
        "recovery"
    );
    for phase in phases {
        let counts = &phase.reading.counts;
        writeln!(
            text,
            "{:12} {:>7} {:>6.0} ms {:>6.0} ms {:>7} {:>7} {:>6} {:>7} {:>6} {:>6} {:>8} {:>5} {:>7.1} s",
            phase.victim.name,
            counts.judged,
            millis(&phase.reading.latency, 0.99),
            millis(&phase.reading.latency, 1.0),
            counts.stale,
            counts.beyond_bound,
            counts.wrong,
            counts.failed,
            counts.admin.acknowledged,
            counts.psql.acknowledged,
            counts.admin.refused + counts.psql.refused,
            phase.lost,
            phase.recovery.as_secs_f64()
        )
        .expect("writing to a String does not fail");
    }
    text
}
