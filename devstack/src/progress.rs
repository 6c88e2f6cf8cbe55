//! Tells a person what takes long, as it happens.

use std::time::Instant;

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

    /// Runs a step and says how long it took.
    pub(crate) async fn step<T, E>(
        self,
        name: &str,
        step: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let begun = Instant::now();
        let outcome = step.await;
        let end = if outcome.is_ok() { "ready" } else { "failed" };
        self.say(&format!("  {name:<24} {end} ({:.1} s)", begun.elapsed().as_secs_f64()));
        outcome
    }
}
