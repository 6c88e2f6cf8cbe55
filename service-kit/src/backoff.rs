//! Growing, jittered pauses between tries.

use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio_util::sync::CancellationToken;

/// Pauses that double from `first` to `longest`, each drawn evenly between half of itself and
/// itself, so that those who failed together do not return together. Without a budget there is
/// always a next one.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    budget: Option<Duration>,
    next: Duration,
    spent: Duration,
    random: SmallRng,
}

impl Backoff {
    /// Pauses from `first` to `longest`, without a budget.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self::with_random(first, longest, SmallRng::from_rng(&mut rand::rng()))
    }

    /// [`new`](Self::new) with the randomness given.
    pub fn with_random(first: Duration, longest: Duration, random: SmallRng) -> Self {
        Self {
            first,
            longest,
            budget: None,
            next: first.min(longest),
            spent: Duration::ZERO,
            random,
        }
    }

    /// All pauses together take at most `budget`.
    #[must_use]
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The next pause; none when the budget is spent.
    pub fn next_pause(&mut self) -> Option<Duration> {
        let pause = self.random.random_range(self.next / 2..=self.next);
        let left = self.budget.map(|budget| budget.saturating_sub(self.spent));
        if left.is_some_and(|left| left.is_zero()) {
            return None;
        }
        let pause = left.map_or(pause, |left| pause.min(left));
        self.next = (self.next * 2).min(self.longest);
        self.spent += pause;
        Some(pause)
    }

    /// Waits for the next pause; false when the budget is spent or `stop` is cancelled.
    pub async fn pause(&mut self, stop: &CancellationToken) -> bool {
        match self.next_pause() {
            Some(pause) => stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some(),
            None => false,
        }
    }

    /// Begins anew, after a success.
    pub fn reset(&mut self) {
        self.next = self.first.min(self.longest);
        self.spent = Duration::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    fn backoff() -> Backoff {
        Backoff::with_random(MS(100), MS(1000), SmallRng::seed_from_u64(7))
    }

    #[test]
    fn pauses_grow_to_the_longest_and_vary() {
        let mut backoff = backoff();
        for full in [100, 200, 400, 800, 1000, 1000] {
            let pause = backoff.next_pause().expect("no budget");
            assert!((MS(full / 2)..=MS(full)).contains(&pause), "{pause:?} {full}");
        }
        let late: Vec<_> = (0..8).map(|_| backoff.next_pause()).collect();
        assert!(late.windows(2).any(|pair| pair[0] != pair[1]), "{late:?}");
        backoff.reset();
        assert!(backoff.next_pause() <= Some(MS(100)));
    }

    #[test]
    fn the_budget_bounds_their_sum() {
        let mut backoff = backoff().budget(MS(500));
        let sum: Duration = std::iter::from_fn(|| backoff.next_pause()).sum();
        assert_eq!(sum, MS(500));
    }

    #[tokio::test]
    async fn a_cancelled_pause_ends_at_once() {
        let stop = CancellationToken::new();
        stop.cancel();
        let day = Duration::from_hours(24);
        assert!(!Backoff::new(day, day).pause(&stop).await);
    }
}
