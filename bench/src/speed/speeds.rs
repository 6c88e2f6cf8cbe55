//! How fast a server is, and how that compares.

use std::time::Duration;

use super::{served::Served, wire::Wire};
use crate::report::as_figure;

/// How fast a server was in one round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speed {
    /// Answers a second.
    pub(super) a_second: f64,
    /// Answers for each second of processor time, user and system, of all its processes.
    pub(super) a_cpu_second: f64,
}

impl Speed {
    /// Of `server` while it is asked so long.
    pub(super) async fn of(server: &Served, wire: &Wire, lasts: Duration) -> anyhow::Result<Self> {
        let before = server.cpu()?;
        let carried = wire.flood(lasts).await?;
        let used = server.cpu()?.saturating_sub(before);
        let answered = as_figure(carried.answered);
        Ok(Self { a_second: carried.a_second(), a_cpu_second: answered / used.as_secs_f64() })
    }
}

/// The median of the ratios of the rounds.
pub(super) fn ratio(own: &[Speed], others: &[Speed], of: fn(&Speed) -> f64) -> f64 {
    median(own.iter().zip(others).map(|(own, other)| of(own) / of(other)))
}

/// The median of the rounds.
pub(super) fn median_of(speeds: &[Speed], of: fn(&Speed) -> f64) -> f64 {
    median(speeds.iter().map(of))
}

/// The median of what there is at least one of.
pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_of_the_same_round() {
        let speeds =
            |values: [f64; 3]| values.map(|each| Speed { a_second: each, a_cpu_second: 1.0 });
        // The machine was twice as fast in the second round, for both.
        let (own, others) = (speeds([9.0, 18.0, 9.0]), speeds([10.0, 20.0, 10.0]));
        let found = ratio(&own, &others, |speed| speed.a_second);
        assert!((found - 0.9).abs() < 1e-9);
    }
}
