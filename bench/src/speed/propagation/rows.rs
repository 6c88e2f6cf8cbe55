//! The figures of propagation.

use super::{Plan, everywhere::Everywhere, hot::Hot, import::Imported};
use crate::{load::millis, report::Row, speed::samples::Asked};

/// From the acknowledgement until every pod answers with the edit, in milliseconds.
const P50: f64 = 15.0;
const P99: f64 = 60.0;
/// The share of a planned rate that must be kept.
const KEPT: f64 = 0.98;
/// Equal percentiles of two equal loads differ by less than this.
const NO_SLOWER: f64 = 1.5;
/// How long the import may take, in seconds,
const IMPORT: f64 = 15.0;
/// and how much slower reads may be meanwhile.
const DURING_IMPORT: f64 = 2.0;

pub(super) fn of_everywhere(plan: &Plan, seen: &Everywhere) -> Vec<Row> {
    let name = |what: &str| format!("change to everywhere: {what}");
    let (replayed, consumed) = (millis(&seen.replayed, 0.5), millis(&seen.consumed, 0.5));
    let p50 = millis(&seen.delay, 0.5);
    let edits = f64::from(plan.edit_rate);
    let reads: f64 = seen.reads.iter().map(Asked::a_second).sum();
    let slowest = seen.reads.iter().map(|asked| asked.latency(0.99)).fold(0.0, f64::max);
    let not_good: u64 = seen.reads.iter().map(Asked::not_good).sum();
    vec![
        Row::at_least(name("edits a second"), seen.edits, "/s", edits * KEPT),
        Row::at_least(name("reads a second"), reads, "/s", f64::from(plan.read_rate) * KEPT),
        Row::some(name("edits watched"), seen.delay.len()),
        Row::below(name("p50, every pod"), p50, "ms", P50),
        Row::below(name("p99, every pod"), millis(&seen.delay, 0.99), "ms", P99),
        Row::told(name("greatest, every pod"), millis(&seen.delay, 1.0), "ms"),
        Row::told(name("p50, one pod"), millis(&seen.pods, 0.5), "ms"),
        Row::told(name("floor: update to replayed, p50"), replayed, "ms"),
        Row::told(name("floor: update to replayed, p99"), millis(&seen.replayed, 0.99), "ms"),
        Row::told(name("floor: produce to consumed, p50"), consumed, "ms"),
        Row::told(name("floor: produce to consumed, p99"), millis(&seen.consumed, 0.99), "ms"),
        Row::told(
            name("p50, of the sum of the floors'"),
            p50 / (replayed + consumed).max(0.001),
            "×",
        ),
        Row::told(name("p99 of reads meanwhile"), slowest, "ms"),
        Row::none(name("reads that got no product"), not_good),
    ]
}

pub(super) fn of_hot(plan: &Plan, hot: &Hot) -> Vec<Row> {
    let behind = plan.behind.as_millis();
    let name = |what: &str| format!("edit of a hot product, replica {behind} ms behind: {what}");
    vec![
        Row::count(name("reads"), hot.reads),
        Row::told(name("p99 from an edit on"), hot.near, "ms"),
        Row::told(name("p99 of all others"), hot.far, "ms"),
        Row::below(
            name("p99, of that of all others"),
            hot.near / hot.far.max(0.001),
            "×",
            NO_SLOWER,
        ),
        Row::told(name("slowest from an edit on"), hot.slowest_near, "ms"),
        Row::told(name("slowest of all others"), hot.slowest_far, "ms"),
        Row::none(name("reads that got no product"), hot.not_good),
    ]
}

pub(super) fn of_import(plan: &Plan, imported: &Imported) -> Vec<Row> {
    let name = |what: &str| format!("import of {} products: {what}", plan.import);
    let Imported { loaded, everywhere, before, during, not_good } = imported;
    vec![
        // The lines of the categories are there already.
        Row::all(name("created"), loaded.created, plan.import.into()),
        Row::none(name("rejected"), loaded.rejected),
        Row::below(name("until readable everywhere"), everywhere.as_secs_f64(), "s", IMPORT),
        Row::told(
            name("products a second"),
            f64::from(plan.import) / everywhere.as_secs_f64(),
            "/s",
        ),
        Row::told(name("p99 of reads before"), *before, "ms"),
        Row::told(name("p99 of reads meanwhile"), *during, "ms"),
        Row::below(name("p99, of that before"), during / before.max(0.001), "×", DURING_IMPORT),
        Row::none(name("reads that got no product"), *not_good),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::all_met;

    #[test]
    fn readers_must_not_notice_an_edit() {
        let hot = |near| Hot {
            near,
            far: 1.0,
            slowest_near: 9.0,
            slowest_far: 8.0,
            reads: 20_000,
            not_good: 0,
        };
        assert!(all_met(&of_hot(&Plan::STANDARD, &hot(1.4))));
        assert!(!all_met(&of_hot(&Plan::STANDARD, &hot(1.6))));
    }
}
