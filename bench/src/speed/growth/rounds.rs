//! The rounds: each size after the other, so that what the machine does meanwhile meets them alike.

use std::{fs, time::Duration};

use anyhow::Context as _;

use super::{
    Plan, Size,
    pipe::{Asking, of_size},
};
use crate::report::as_figure;

/// What a request cost with so much there, in each round, in seconds.
pub(super) struct Cost {
    pub(super) size: Size,
    pub(super) rounds: Vec<f64>,
}

pub(super) fn measure(plan: &Plan) -> anyhow::Result<Vec<Cost>> {
    let mut pipes = Vec::new();
    for size in plan.sizes() {
        let mut pipe = of_size(size, Asking::Plainly, plan.requests);
        // Once unmeasured: what is asked for is then where it stays.
        pipe.exchange(plan.requests);
        pipes.push((Cost { size, rounds: Vec::new() }, pipe));
    }
    for _ in 0..plan.rounds {
        for (cost, pipe) in &mut pipes {
            let before = of_this_thread()?;
            pipe.exchange(plan.requests);
            let used = of_this_thread()?.saturating_sub(before);
            cost.rounds.push(used.as_secs_f64() / as_figure(plan.requests as u64));
        }
    }
    Ok(pipes.into_iter().map(|(cost, _)| cost).collect())
}

/// For how long this thread has run on a processor; what it ran since the last tick may be missing.
fn of_this_thread() -> anyhow::Result<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")
        .context("the kernel does not tell how long a thread has run")?;
    let nanos = text.split(' ').next().and_then(|nanos| nanos.parse().ok());
    nanos.map(Duration::from_nanos).context("schedstat is not understood")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_works_uses_time() {
        let before = of_this_thread().unwrap();
        let mut sum = 0_u64;
        while of_this_thread().unwrap() == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
    }

    #[test]
    fn every_size_is_measured_in_every_round() {
        let plan = Plan { products: &[10, 20], changes: &[5], requests: 50, rounds: 2 };
        let costs = measure(&plan).unwrap();
        assert_eq!(costs.len(), 2);
        assert!(costs.iter().all(|cost| cost.rounds.len() == 2));
    }
}
