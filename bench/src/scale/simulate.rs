//! A few processes in full detail, on a clock of their own.

use std::time::Duration;

use catalog_core::freshness::{Moment, Pod as _};
use rand::{SeedableRng as _, rngs::SmallRng};

use super::{
    Behaviour, Plan, known::Known, layers::window, pace::Pace, pod::Pod, popularity::Popularity,
    primary::Primary,
};
use crate::report::as_figure;

/// Edits go on for so many times as long as is remembered before the first read, so that what is
/// remembered is already as much as it will be.
const HISTORY: f64 = 1.2;
/// The same where all that is edited is remembered for ever.
const SHORT_HISTORY: Duration = Duration::from_secs(2);

struct Simulation<'a> {
    plan: &'a Plan,
    popularity: Popularity,
    random: SmallRng,
    primary: Primary,
    known: Known,
    pods: Vec<Pod>,
    edits: Pace,
    polls: Pace,
}

/// Simulates the plan's processes. Repeats exactly: nothing depends on how fast it runs.
///
/// Each reads at an even pace, in turn with the others; edits and polls come at theirs. Loads take no time,
/// and records arrive at once: both take milliseconds, while memory is a matter of minutes.
pub fn simulate(plan: &Plan) -> anyhow::Result<Behaviour> {
    let simulation = Simulation {
        plan,
        popularity: Popularity::of(plan)?,
        random: SmallRng::seed_from_u64(plan.seed),
        primary: Primary::new(plan)?,
        known: Known::new(plan.recent_limit),
        pods: (0..plan.simulated_pods).map(|_| Pod::new(plan)).collect(),
        edits: Pace::new(Moment(0), plan.edits, 1_000),
        polls: Pace::new(Moment(0), 1, plan.poll_millis),
    };
    Ok(simulation.run())
}

impl Simulation<'_> {
    fn run(mut self) -> Behaviour {
        let simulated = u64::from(self.plan.simulated_pods);
        let begin = history(window(self.plan));
        let rate = self.plan.reads.saturating_mul(simulated);
        let mut reads = Pace::new(begin, rate, u64::from(self.plan.pods) * 1_000);
        let turns = self.plan.simulated_reads.saturating_mul(simulated);
        let mut behaviour = Behaviour::new();
        for (turn, pod) in (0..turns).zip((0..self.pods.len()).cycle()) {
            let now = reads.take();
            self.catch_up(now);
            if turn == turns / 3 {
                behaviour = Behaviour::new();
            }
            let product = self.popularity.choose(&mut self.random);
            let served = self.pods[pod].read(product, now, &self.known, &self.primary);
            behaviour.count(product, served);
        }
        behaviour.entries =
            as_figure(self.pods.iter().map(Pod::entries).sum()) / as_figure(simulated);
        behaviour.remembered = self.remembered();
        behaviour
    }

    /// Edits and polls that are due.
    fn catch_up(&mut self, now: Moment) {
        loop {
            let (edit, poll) = (self.edits.due(), self.polls.due());
            if edit.min(poll) > now {
                return;
            }
            if edit < poll {
                self.edits.take();
                let row = self.primary.edit();
                self.known.hear(row);
            } else {
                self.polls.take();
                let answer = self.primary.answer();
                self.known.polled(poll, answer);
            }
        }
    }

    /// Edits come at an even pace, so that their number tells the time.
    fn remembered(&self) -> f64 {
        let edits = self.primary.next().0.saturating_sub(self.known.floor().0);
        as_figure(edits) / as_figure(self.plan.edits.max(1))
    }
}

/// When reads begin.
fn history(window: f64) -> Moment {
    let history = Duration::try_from_secs_f64(window * HISTORY).unwrap_or(SHORT_HISTORY);
    Moment(u64::try_from(history.max(SHORT_HISTORY).as_nanos()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whose memory holds a tenth of the products.
    const SMALL: Plan = Plan {
        pods: 4,
        products: 10_000,
        reads: 4_000,
        edits: 100,
        memory_bytes: 2_600 * 1_000 / 12 * 16,
        recent_limit: 1_000,
        simulated_reads: 30_000,
        ..Plan::STANDARD
    };

    #[test]
    fn a_run_repeats_exactly() {
        assert_eq!(simulate(&SMALL).unwrap(), simulate(&SMALL).unwrap());
    }

    #[test]
    fn memory_fills_and_finds_at_least_what_a_small_part_of_the_products_takes() {
        let behaviour = simulate(&SMALL).unwrap();
        assert!((behaviour.entries - SMALL.entries()).abs() < 2.0, "{}", behaviour.entries);
        let whole = behaviour.whole();
        assert_eq!(whole.reads, 40_000);
        let found = 1.0 - whole.part(whole.waited());
        // The thousand most popular products take three quarters of the reads.
        assert!((0.55..0.78).contains(&found), "{found}");
        assert!(whole.refreshed > 0 && whole.overtaken > 0);
    }

    #[test]
    fn changes_are_remembered_for_as_long_as_is_computed() {
        let behaviour = simulate(&SMALL).unwrap();
        let computed = window(&SMALL);
        assert!((behaviour.remembered / computed - 1.0).abs() < 0.1, "{computed}");
    }

    #[test]
    fn without_edits_nothing_is_loaded_twice() {
        let plan = Plan { edits: 0, memory_bytes: 1 << 30, ..SMALL };
        let whole = simulate(&plan).unwrap().whole();
        assert_eq!((whole.refreshed, whole.overtaken), (0, 0));
        assert!(whole.absent < whole.reads / 4);
    }
}
