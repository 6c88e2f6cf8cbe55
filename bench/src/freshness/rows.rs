//! The report.

use hdrhistogram::Histogram;

use super::Plan;
use crate::{
    load::{EditCounts, Pace, Reading, complete_row, millis, rate_row, read_rows, refused_rows},
    report::{Row, as_figure, conditions},
};

const P99_TARGET_MS: f64 = 250.0;

/// What was seen.
pub(super) struct Measured<'a> {
    pub(super) plan: &'a Plan,
    pub(super) products: usize,
    pub(super) pace: Pace,
    pub(super) reading: Reading,
    pub(super) lost: u64,
    /// Per process, in microseconds.
    pub(super) delays: &'a [(String, Histogram<u64>)],
}

impl Measured<'_> {
    pub(super) fn rows(&self) -> Vec<Row> {
        let Self { plan, reading, .. } = self;
        let counts = &reading.counts;
        let watched = counts.admin.acknowledged + counts.psql.acknowledged;
        let mut rows = Vec::new();
        for (number, (_, delays)) in (1..).zip(self.delays) {
            rows.extend(self.delay_rows(number, delays, watched));
        }
        rows.extend(edit_rows("admin", counts.admin, plan.admin_edits));
        rows.extend(edit_rows("psql", counts.psql, plan.psql_edits));
        rows.push(Row::none("acknowledged edits lost", self.lost));
        rows.push(rate_row("", self.pace.a_second(), plan.read_rate));
        rows.extend(read_rows("", reading));
        rows.push(Row::count("polls for edits, beside the reads", counts.polls));
        rows.push(Row::told("between two polls, p99", millis(&reading.poll_gaps, 0.99), "ms"));
        rows.push(complete_row("", reading));
        rows.extend(conditions(self.products));
        rows
    }

    fn delay_rows(&self, process: usize, delays: &Histogram<u64>, edits: u64) -> [Row; 5] {
        let name = |what: &str| format!("process {process}: {what}");
        let shown = |figure: &str| name(&format!("acknowledgement to first answer, {figure}"));
        let bound = u64::try_from(self.plan.bound.as_micros()).unwrap_or(u64::MAX);
        [
            Row::all(name("edits watched"), delays.len(), edits),
            Row::told(shown("p50"), millis(delays, 0.5), "ms"),
            Row::below(shown("p99"), millis(delays, 0.99), "ms", P99_TARGET_MS),
            Row::told(shown("greatest"), as_figure(delays.max()) / 1000.0, "ms"),
            Row::none(
                name("edits that showed later than the bound"),
                delays.count_between(bound, u64::MAX),
            ),
        ]
    }
}

/// An edit that is on its way when the last one that was wanted is acknowledged counts too.
fn edit_rows(way: &str, edits: EditCounts, wanted: u32) -> [Row; 3] {
    let acknowledged = as_figure(edits.acknowledged);
    let name = format!("{way} edits acknowledged");
    let [refused, not_sent] = refused_rows("", way, edits);
    [Row::at_least(name, acknowledged, "", f64::from(wanted)), refused, not_sent]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        load::{Counts, Tally, Times},
        report::all_met,
    };

    /// What a good run sees.
    fn rows(change: impl FnOnce(&mut Counts, &mut Pace, &Times)) -> Vec<Row> {
        let mut reading = Tally::default().reading();
        let mut pace = Pace { sent: 60_000, over: Duration::from_secs(30) };
        let delays = Times::default();
        (0..2_200).for_each(|_| delays.record(Duration::from_millis(10)));
        let counts = &mut reading.counts;
        (counts.sent, counts.polls, counts.judged) = (60_000, 9_000, 69_000);
        (counts.admin.acknowledged, counts.psql.acknowledged) = (2_000, 200);
        change(counts, &mut pace, &delays);
        let delays = [("one".to_owned(), delays.reading())];
        Measured { plan: &Plan::STANDARD, products: 1, pace, reading, lost: 0, delays: &delays }
            .rows()
    }

    #[test]
    fn a_run_that_measured_less_than_it_claims_is_missed() {
        assert!(all_met(&rows(|_, _, _| ())));
        assert!(!all_met(&rows(|counts, _, _| counts.psql.acknowledged = 199)));
        assert!(!all_met(&rows(|counts, _, _| counts.admin.acknowledged = 0)));
        assert!(!all_met(&rows(|counts, _, _| counts.judged -= 1)));
        assert!(!all_met(&rows(|_, pace, _| pace.sent = 59_000)));
        assert!(!all_met(&rows(|_, _, delays| delays.record(Duration::from_millis(1)))));
        assert!(!all_met(&rows(|counts, _, delays| {
            counts.psql.acknowledged += 1;
            delays.record(Duration::from_secs(3));
        })));
    }
}
