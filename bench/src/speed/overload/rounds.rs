//! The rounds.

use std::sync::Arc;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Plan, cases::Case};
use crate::{
    report::as_figure,
    speed::{
        open_loop::{OpenLoop, finished},
        samples::{Asked, Sample, quantile_of},
        wire::Wire,
    },
};

/// What was measured of one kind of reads.
pub(super) struct Measured {
    /// The greatest rate that was carried.
    pub(super) peak: f64,
    pub(super) rounds: Vec<Round>,
}

/// One surge, and the time before and after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    /// How many requests came a second,
    pub(super) came: f64,
    /// and how many were answered well a second.
    pub(super) answered: f64,
    /// How many came in all,
    pub(super) turns: u64,
    /// how many of them were answered well, while the surge lasted or soon after,
    pub(super) good: u64,
    /// how many were refused with the time at which to come again,
    pub(super) refused: u64,
    /// and how many got another answer.
    pub(super) otherwise: u64,
    /// How long refusals took, 99th percentile in milliseconds; none without a refusal.
    pub(super) refusal: Option<f64>,
    /// 99th percentiles of the load before and after, in milliseconds.
    pub(super) before: f64,
    pub(super) after: f64,
}

pub(super) async fn measure(case: &Case, plan: &Plan) -> anyhow::Result<Measured> {
    let wire = Wire {
        address: case.pod.served.address,
        requests: Arc::clone(&case.requests),
        connections: plan.connections,
    };
    let mut peaks = Vec::new();
    for _ in 0..plan.rounds {
        peaks.push(wire.flood(plan.peak).await?.a_second());
    }
    let peak = peaks.into_iter().fold(0.0, f64::max);
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds {
        rounds.push(round(case, plan, peak).await?);
    }
    Ok(Measured { peak, rounds })
}

async fn round(case: &Case, plan: &Plan, peak: f64) -> anyhow::Result<Round> {
    let load = |rate, connections| OpenLoop {
        address: case.pod.served.address,
        requests: Arc::clone(&case.requests),
        connections,
        rate,
    };
    let calm = load(peak * plan.load, plan.connections);
    let before = calm.run(plan.calm).await?;
    let stop = CancellationToken::new();
    // Whatever fails meanwhile ends it too.
    let _ending = stop.clone().drop_guard();
    let surge = load(peak * plan.times, plan.crowd).start(stop.clone());
    sleep(plan.surge).await;
    stop.cancel();
    let after = calm.run(plan.recovery + plan.calm).await?;
    let surge = finished(surge).await?;
    let recovered = surge.ended + plan.recovery;
    let late = after.samples.iter().filter(|sample| sample.due >= recovered);
    let after = quantile_of(late.map(Sample::latency), 0.99);
    Ok(Round { before: before.latency(0.99), after, ..Round::of(&surge) })
}

impl Round {
    /// All but what came before and after.
    fn of(surge: &Asked) -> Self {
        let samples = &surge.samples;
        let count = |good: fn(&&Sample) -> bool| samples.iter().filter(good).count() as u64;
        let in_time = samples.iter().filter(|it| it.is_good() && it.answered <= surge.ended);
        let answered = as_figure(in_time.count() as u64) / surge.over.as_secs_f64();
        let refused = count(|sample| sample.comes_again);
        let good = count(|sample| sample.is_good());
        let refusals = samples.iter().filter(|sample| sample.comes_again);
        let refusal = quantile_of(refusals.map(Sample::took), 0.99);
        Self {
            came: surge.a_second(),
            answered,
            turns: samples.len() as u64 + surge.unsent,
            good,
            refused,
            otherwise: samples.len() as u64 - good - refused,
            refusal: (refused > 0).then_some(refusal),
            before: 0.0,
            after: 0.0,
        }
    }

    /// Of what was not answered well, the part that was refused as it should be.
    pub(super) fn refused_of_surplus(&self) -> f64 {
        as_figure(self.refused) / as_figure((self.turns - self.good).max(1))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_surge_is_taken_apart() {
        let begin = Instant::now();
        let after = |millis| begin + Duration::from_millis(millis);
        let sample = |status, answered| Sample {
            due: begin,
            sent: after(100),
            answered: after(answered),
            status,
            comes_again: status == 503,
        };
        let samples =
            vec![sample(200, 500), sample(200, 1_500), sample(503, 102), sample(500, 700)];
        let over = Duration::from_secs(1);
        let round = Round::of(&Asked { samples, unsent: 6, ended: after(1_000), over });
        assert_eq!((round.turns, round.good, round.refused, round.otherwise), (10, 2, 1, 1));
        assert!((round.answered - 1.0).abs() < 1e-9 && (round.came - 10.0).abs() < 1e-9);
        assert!((round.refused_of_surplus() - 0.125).abs() < 1e-9);
        assert!(round.refusal.is_some_and(|millis| (millis - 2.0).abs() < 0.01));
    }
}
