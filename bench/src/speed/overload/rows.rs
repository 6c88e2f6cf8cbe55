//! The figures of overload.

use super::{
    Plan,
    rounds::{Measured, Round},
};
use crate::{report::Row, speed::speeds::median};

/// Of the greatest rate, what must still be answered.
const ANSWERED: f64 = 0.9;
/// Of the surplus, what must be refused; the rest waits when the surge ends.
const REFUSED: f64 = 0.95;
/// How long a refusal may take, in milliseconds.
const REFUSAL: f64 = 5.0;
/// "As before": percentiles of two equal runs differ by less than this.
const AS_BEFORE: f64 = 1.5;

pub(super) fn rows(of: &str, plan: &Plan, measured: &Measured) -> Vec<Row> {
    let name = |what: &str| format!("overload, {of}: {what}");
    let rounds = &measured.rounds;
    let ratio = |of: fn(&Round) -> f64| median(rounds.iter().map(of));
    let otherwise: u64 = rounds.iter().map(|round| round.otherwise).sum();
    let recovery = plan.recovery.as_secs_f64();
    let mut rows = vec![
        Row::told(name("greatest rate"), measured.peak, "/s"),
        Row::told(
            name("rate of the surge, of the greatest"),
            ratio(|round| round.came) / measured.peak,
            "×",
        ),
        Row::at_least(
            name("answered in it, of the greatest rate"),
            ratio(|round| round.answered) / measured.peak,
            "×",
            ANSWERED,
        ),
        Row::at_least(
            name("surplus refused with Retry-After"),
            ratio(Round::refused_of_surplus),
            "×",
            REFUSED,
        ),
        Row::none(name("answers that are neither good nor such a refusal"), otherwise),
        Row::told(name("p99 before"), ratio(|round| round.before), "ms"),
        Row::below(
            name(&format!("p99 from {recovery} s after it, of that before")),
            ratio(|round| round.after / round.before.max(0.001)),
            "×",
            AS_BEFORE,
        ),
    ];
    let refusals: Vec<f64> = rounds.iter().filter_map(|round| round.refusal).collect();
    if !refusals.is_empty() {
        let refusal = median(refusals.into_iter());
        rows.push(Row::below(name("refusals, p99"), refusal, "ms", REFUSAL));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::all_met;

    fn rows_of(change: impl FnOnce(&mut Round)) -> Vec<Row> {
        let mut round = Round {
            came: 3_000.0,
            answered: 950.0,
            turns: 12_000,
            good: 4_000,
            refused: 7_900,
            otherwise: 0,
            refusal: Some(1.0),
            before: 2.0,
            after: 2.1,
        };
        change(&mut round);
        rows("reads", &Plan::STANDARD, &Measured { peak: 1_000.0, rounds: vec![round] })
    }

    #[test]
    fn each_promise_is_looked_at() {
        assert!(all_met(&rows_of(|_| ())));
        assert!(!all_met(&rows_of(|round| round.answered = 800.0)));
        assert!(!all_met(&rows_of(|round| round.refused = 4_000)));
        assert!(!all_met(&rows_of(|round| round.otherwise = 1)));
        assert!(!all_met(&rows_of(|round| round.refusal = Some(6.0))));
        assert!(!all_met(&rows_of(|round| round.after = 4.0)));
        let without = rows_of(|round| (round.refused, round.refusal) = (0, None));
        assert!(!all_met(&without), "a surplus that waits is not refused");
    }
}
