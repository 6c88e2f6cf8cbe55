//! Growing, jittered pauses between tries.

use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Pauses that double from `first` to `longest`, each drawn evenly between half of itself and
/// itself, so that those who failed together do not return together. Without a budget there is
/// always a next one.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    budget: Option<Budget>,
    next: Duration,
    random: SmallRng,
}

#[derive(Debug)]
struct Budget {
    whole: Duration,
    deadline: Instant,
}

impl Budget {
    fn new(whole: Duration) -> Self {
        Self { whole, deadline: Instant::now() + whole }
    }
}

impl Backoff {
    /// Pauses from `first` to `longest`, without a budget.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self::with_random(first, longest, SmallRng::from_rng(&mut rand::rng()))
    }

    /// [`new`](Self::new) with the randomness given.
    pub fn with_random(first: Duration, longest: Duration, random: SmallRng) -> Self {
        Self { first, longest, budget: None, next: first.min(longest), random }
    }

    /// Pauses and the tries between them together take at most `budget`, counted from now and anew
    /// from each [`reset`](Self::reset): no pause ends later, and none begins then.
    #[must_use]
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = Some(Budget::new(budget));
        self
    }

    /// The next pause; none when the budget is spent.
    pub fn next_pause(&mut self) -> Option<Duration> {
        let pause = self.random.random_range(self.next / 2..=self.next);
        let now = Instant::now();
        let left = self.budget.as_ref().map(|budget| budget.deadline.duration_since(now));
        if left.is_some_and(|left| left.is_zero()) {
            return None;
        }
        let pause = left.map_or(pause, |left| pause.min(left));
        self.next = (self.next * 2).min(self.longest);
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
        self.budget = self.budget.take().map(|budget| Budget::new(budget.whole));
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

    #[tokio::test(start_paused = true)]
    async fn the_budget_bounds_pauses_and_tries_together() {
        let (begun, never) = (Instant::now(), CancellationToken::new());
        let mut backoff = backoff().budget(MS(500));
        let mut tries = 1;
        while backoff.pause(&never).await {
            tokio::time::sleep(MS(200)).await;
            tries += 1;
        }
        assert!(tries > 1 && (MS(500)..=MS(700)).contains(&begun.elapsed()), "{tries}");

        assert_eq!(backoff.next_pause(), None);
        backoff.reset();
        tokio::time::sleep(MS(499)).await;
        assert_eq!(backoff.next_pause(), Some(MS(1)));
    }

    #[tokio::test]
    async fn a_cancelled_pause_ends_at_once() {
        let stop = CancellationToken::new();
        stop.cancel();
        let day = Duration::from_hours(24);
        assert!(!Backoff::new(day, day).pause(&stop).await);
    }
}
