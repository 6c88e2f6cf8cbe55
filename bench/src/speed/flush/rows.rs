//! The figures of a Redis that forgets.

use super::{
    Plan,
    latency::Around,
    round::{Asked, Round},
};
use crate::{
    report::{Row, as_figure},
    speed::speeds::median,
};

/// Of the 99th percentile in the second before.
const P99: f64 = 3.0;

pub(super) fn rows(rate: f64, plan: &Plan, asked: &Asked, rounds: &[Round]) -> Vec<Row> {
    let remembered = asked.remembered.iter().filter(|remembered| **remembered).count() as u64;
    let share = as_figure(remembered) / as_figure(asked.remembered.len() as u64);
    let middle = |of: fn(&Round) -> f64| median(rounds.iter().map(of));
    let most = rounds.iter().map(|round| round.most).max().unwrap_or(0);
    let limit = rounds.iter().map(|round| round.limit).fold(f64::INFINITY, f64::min);
    vec![
        Row::told("flush: greatest rate, half of the products not in memory", rate, "/s"),
        Row::told("flush: rate at which Redis forgets everything", rate * plan.load, "/s"),
        Row::told("flush: share of the requests for products in memory", share, ""),
        Row::told("flush: how long Redis takes to forget", middle(forgetting), "ms"),
        Row::told("flush: statements at the replica", middle(|round| as_figure(round.loads)), ""),
        Row::at_most("flush: most statements at the replica at once", as_figure(most), "", limit),
        Row::told(
            "flush: p99 of products in memory, the second before",
            middle(|round| as_figure(round.took.before)),
            "µs",
        ),
        Row::told(
            "flush: p99 of products in memory, the second after",
            middle(|round| as_figure(round.took.after)),
            "µs",
        ),
        Row::at_most(
            "flush: p99 of products in memory, of that of the second before",
            middle(|round| rise(round.took)),
            "×",
            P99,
        ),
        Row::told(
            "flush: the same from when a connection was free to ask",
            middle(|round| rise(round.waited)),
            "×",
        ),
    ]
}

fn forgetting(round: &Round) -> f64 {
    round.forgetting.as_secs_f64() * 1_000.0
}

fn rise(around: Around) -> f64 {
    as_figure(around.after) / as_figure(around.before.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_of_what_was_before() {
        assert!((rise(Around { before: 400, after: 1_000 }) - 2.5).abs() < 1e-9);
        assert!((rise(Around { before: 0, after: 7 }) - 7.0).abs() < 1e-9);
    }
}
