//! What a load saw, as rows of a report.

use super::{EditCounts, READ_LIMIT, Reading, millis};
use crate::report::{Row, as_figure};

/// The rows of the reads, each name beginning with `of`.
pub fn read_rows(of: &str, reading: &Reading) -> Vec<Row> {
    let name = |what: &str| format!("{of}{what}");
    let counts = &reading.counts;
    let failed = format!("reads failed, or not answered within {} s", READ_LIMIT.as_secs());
    vec![
        Row::count(name("reads sent"), counts.sent),
        Row::none(name("reads not sent in their turn"), counts.not_sent),
        Row::told(name("sent late, p99"), millis(&reading.lateness, 0.99), "ms"),
        Row::told(name("due to answered, p99"), millis(&reading.latency, 0.99), "ms"),
        Row::told(name("slowest read"), as_figure(reading.latency.max()) / 1000.0, "ms"),
        Row::count(name("answers judged"), counts.judged),
        Row::count(name("answers labelled stale"), counts.stale),
        Row::none(name("older than the bound without saying so"), counts.beyond_bound),
        Row::none(name("wrong products"), counts.wrong),
        Row::none(name(&failed), counts.failed),
    ]
}

/// The share of the planned rate that must be kept.
const RATE_KEPT: f64 = 0.995;

/// Whether reads were sent at the rate that was planned.
pub fn rate_row(of: &str, a_second: f64, planned: u32) -> Row {
    let name = format!("{of}reads sent a second");
    Row::at_least(name, a_second, "/s", f64::from(planned) * RATE_KEPT)
}

/// Whether each read and poll that was sent is counted as judged or as failed; only once none is
/// in flight any more.
pub fn complete_row(of: &str, reading: &Reading) -> Row {
    let counts = &reading.counts;
    let sent = counts.sent + counts.polls;
    Row::all(format!("{of}reads and polls judged or failed"), counts.judged + counts.failed, sent)
}

/// The edits that no row has a target for.
pub fn refused_rows(of: &str, way: &str, edits: EditCounts) -> [Row; 2] {
    [
        Row::count(format!("{of}{way} edits refused"), edits.refused),
        Row::none(format!("{of}{way} edits not made in their turn"), edits.not_sent),
    ]
}
