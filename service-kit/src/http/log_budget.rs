use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

/// So many answers are logged in each second.
const LINES: u32 = 100;
const SECOND: Duration = Duration::from_secs(1);

static BUDGET: LazyLock<Mutex<LogBudget>> =
    LazyLock::new(|| Mutex::new(LogBudget::new(Instant::now())));

/// Bounds the lines about failed requests: a process that refuses thousands a second would otherwise fill
/// its node's disk at the worst moment. All of them are counted by the metrics.
#[derive(Debug)]
struct LogBudget {
    begun: Instant,
    logged: u32,
    withheld: u64,
}

/// Whether to log one more now; if so, how many were withheld since the last line.
pub(super) fn take() -> Option<u64> {
    BUDGET.lock().take(Instant::now())
}

impl LogBudget {
    const fn new(now: Instant) -> Self {
        Self { begun: now, logged: 0, withheld: 0 }
    }

    fn take(&mut self, now: Instant) -> Option<u64> {
        if now.duration_since(self.begun) >= SECOND {
            (self.begun, self.logged) = (now, 0);
        }
        if self.logged == LINES {
            self.withheld += 1;
            return None;
        }
        self.logged += 1;
        Some(std::mem::take(&mut self.withheld))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_has_so_many_lines_and_the_next_tells_of_the_rest() {
        let start = Instant::now();
        let mut budget = LogBudget::new(start);
        for _ in 0..LINES {
            assert_eq!(budget.take(start), Some(0));
        }
        for _ in 0..7 {
            assert_eq!(budget.take(start + SECOND / 2), None);
        }
        assert_eq!(budget.take(start + SECOND), Some(7));
        assert_eq!(budget.take(start + SECOND), Some(0));
    }
}
