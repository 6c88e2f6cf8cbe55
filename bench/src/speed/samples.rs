//! What came of requests, one by one.

use std::time::{Duration, Instant};

use crate::{
    load::{Times, millis},
    report::as_figure,
};

/// How a request was answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// When its turn came,
    pub(super) due: Instant,
    /// when a connection was free for it,
    pub(super) sent: Instant,
    /// and when its answer was there.
    pub(super) answered: Instant,
    pub(super) status: u16,
    /// Whether it was refused with the time at which to ask again.
    pub(super) comes_again: bool,
}

impl Sample {
    pub(super) fn is_good(&self) -> bool {
        self.status == 200
    }

    /// From its turn on.
    pub(super) fn latency(&self) -> Duration {
        self.answered.duration_since(self.due)
    }

    /// From when it was sent on.
    pub(super) fn took(&self) -> Duration {
        self.answered.duration_since(self.sent)
    }
}

/// What came of a load.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) samples: Vec<Sample>,
    /// Turns for which no connection was free until the end.
    pub(super) unsent: u64,
    /// When the last turn came,
    pub(super) ended: Instant,
    /// and for how long turns had come then.
    pub(super) over: Duration,
}

impl Asked {
    /// Turns a second.
    pub(super) fn a_second(&self) -> f64 {
        as_figure(self.samples.len() as u64 + self.unsent) / self.over.as_secs_f64()
    }

    /// Answers that are not good.
    pub(super) fn not_good(&self) -> u64 {
        self.samples.iter().filter(|sample| !sample.is_good()).count() as u64
    }

    /// A quantile of the latencies, in milliseconds.
    pub(super) fn latency(&self, quantile: f64) -> f64 {
        quantile_of(self.samples.iter().map(Sample::latency), quantile)
    }
}

/// In milliseconds.
pub(super) fn quantile_of(times: impl Iterator<Item = Duration>, quantile: f64) -> f64 {
    let recorded = Times::default();
    for time in times {
        recorded.record(time);
    }
    millis(&recorded.reading(), quantile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_for_a_connection_counts_as_latency_only() {
        let begin = Instant::now();
        let after = |millis| begin + Duration::from_millis(millis);
        let (due, sent, answered) = (begin, after(30), after(40));
        let sample = Sample { due, sent, answered, status: 304, comes_again: false };
        assert_eq!(sample.latency(), Duration::from_millis(40));
        assert_eq!(sample.took(), Duration::from_millis(10));
        let over = Duration::from_secs(2);
        let asked = Asked { samples: vec![sample], unsent: 3, ended: after(2_000), over };
        assert_eq!(asked.not_good(), 1);
        assert!((asked.a_second() - 2.0).abs() < 1e-9);
        assert!((asked.latency(0.99) - 40.0).abs() < 0.1);
    }
}
