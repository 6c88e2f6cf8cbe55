//! The figures of reads out of Redis.

use super::rounds::{Measured, Trips};
use crate::{
    report::{Row, as_figure},
    speed::speeds::{median_of, ratio},
};

/// Of the throughput of a bare hyper server with one GET.
const THROUGHPUT: f64 = 0.75;
/// So much of what is measured must be what it is called.
const SHARE: f64 = 0.9;

pub(super) fn rows(measured: &Measured) -> Vec<Row> {
    let Measured { own, floor, answers, alone, together, .. } = measured;
    let share = as_figure(answers.redis) / as_figure(answers.all.max(1));
    vec![
        Row::count("Redis hit: bytes of the body that the other answers", measured.body as u64),
        Row::count("Redis hit: bytes of the value that it gets", measured.document as u64),
        Row::at_least("Redis hit: share of the answers that came out of Redis", share, "", SHARE),
        Row::told("Redis hit: catalog-query", median_of(own, |speed| speed.a_second), "/s"),
        Row::told(
            "Redis hit: bare hyper with one GET",
            median_of(floor, |speed| speed.a_second),
            "/s",
        ),
        Row::at_least(
            "Redis hit: throughput, of that of bare hyper with one GET",
            ratio(own, floor, |speed| speed.a_second),
            "×",
            THROUGHPUT,
        ),
        Row::told(
            "Redis hit: requests for a CPU-second, of that of bare hyper with one GET",
            ratio(own, floor, |speed| speed.a_cpu_second),
            "×",
        ),
        Row::at_most("Redis hit: round trips for an answer, one asking", each(*alone), "", 1.0),
        Row::below("Redis hit: round trips for an answer, all asking", each(*together), "", 1.0),
    ]
}

fn each(trips: Trips) -> f64 {
    as_figure(trips.reads) / as_figure(trips.answers.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_round_trips() {
        assert!((each(Trips { reads: 30, answers: 120 }) - 0.25).abs() < 1e-9);
        assert!(each(Trips { reads: 7, answers: 0 }) > 1.0);
    }
}
