//! Tells a person what takes long, as it happens.

use std::time::{Duration, Instant};

use tokio::time::timeout;

/// How often a step that goes on is told of.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// Where the progress of long steps goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// One line per step on standard error.
    Stderr,
    /// Nowhere, as tests want it.
    Silent,
}

impl Progress {
    /// Says one line.
    pub fn say(self, line: &str) {
        if self == Self::Stderr {
            eprintln!("{line}");
        }
    }

    /// Runs a step: says that it has begun, every few seconds how long it has taken, and its end.
    pub(crate) async fn step<T, E>(
        self,
        name: &str,
        step: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let begun = Instant::now();
        let tell = |what: &str| self.say(&format!("  {name:<24} {what}"));
        tell("starting");
        let outcome =
            telling(Box::pin(step), || tell(&format!("… {} s", begun.elapsed().as_secs()))).await;
        let end = if outcome.is_ok() { "ready" } else { "failed" };
        tell(&format!("{end} ({:.1} s)", begun.elapsed().as_secs_f64()));
        outcome
    }
}

/// Runs `step`, and meanwhile `tell` every few seconds.
async fn telling<T>(mut step: impl Future<Output = T> + Unpin, tell: impl Fn()) -> T {
    loop {
        match timeout(TELL_EVERY, &mut step).await {
            Ok(outcome) => return outcome,
            Err(_) => tell(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_step_that_goes_on_is_told_of_meanwhile() {
        let told = Cell::new(0);
        let tell = || told.set(told.get() + 1);
        telling(Box::pin(sleep(TELL_EVERY * 3 + Duration::from_secs(1))), tell).await;
        assert_eq!(told.get(), 3);
        telling(Box::pin(async {}), tell).await;
        assert_eq!(told.get(), 3);
    }
}
