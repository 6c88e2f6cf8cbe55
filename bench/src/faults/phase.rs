//! One fault and what was seen in it.

use std::{fmt::Write as _, time::Duration};

use super::Fault;
use crate::load::{Counts, Reading, millis};

/// What was seen from the beginning of a fault until after the recovery.
#[derive(Debug, Clone)]
pub struct Phase {
    /// What failed.
    pub fault: Fault,
    /// The answers and edits.
    pub reading: Reading,
    /// What the naive reader saw, if there was one.
    pub naive: Option<Counts>,
    /// From the beginning until after the recovery.
    pub length: Duration,
    /// Acknowledged edits that the primary does not have.
    pub lost: u64,
    /// From the end of the fault until an edit was acknowledged and shown, unlabelled, by every process.
    pub recovery: Duration,
}

const HEADS: [&str; 12] = [
    "fault",
    "judged",
    "stale",
    "beyond",
    "wrong",
    "failed",
    "edits",
    "refused",
    "lost",
    "p99",
    "recovery",
    "naive: beyond",
];

impl Phase {
    fn cells(&self) -> [String; 12] {
        let counts = &self.reading.counts;
        let edits = counts.admin.acknowledged + counts.psql.acknowledged;
        let refused = counts.admin.refused + counts.psql.refused;
        let naive = |naive: &Counts| format!("{} of {}", naive.beyond_bound, naive.judged);
        [
            self.fault.name.to_owned(),
            counts.judged.to_string(),
            counts.stale.to_string(),
            counts.beyond_bound.to_string(),
            counts.wrong.to_string(),
            counts.failed.to_string(),
            edits.to_string(),
            refused.to_string(),
            self.lost.to_string(),
            format!("{:.1} ms", millis(&self.reading.latency, 0.99)),
            format!("{:.1} s", self.recovery.as_secs_f64()),
            self.naive.as_ref().map_or_else(String::new, naive),
        ]
    }
}

/// The phases as one table, a row a fault.
pub fn table(phases: &[Phase]) -> String {
    let rows: Vec<_> =
        std::iter::once(HEADS.map(str::to_owned)).chain(phases.iter().map(Phase::cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: [usize; 12] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let mut line = format!("{:width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(widths).skip(1) {
            write!(line, "  {cell:>width$}").expect("writing to a String does not fail");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The same in Markdown.
pub fn markdown(phases: &[Phase]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&HEADS.map(str::to_owned));
    text.push_str(&line(&std::array::from_fn::<_, 12, _>(|column| {
        if column == 0 { "---".to_owned() } else { "---:".to_owned() }
    })));
    for phase in phases {
        text.push_str(&line(&phase.cells()));
    }
    text
}
