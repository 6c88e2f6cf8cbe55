//! Moments at a fixed rate, on a clock that runs as fast as what is simulated.

use catalog_core::freshness::Moment;

/// So many moments in so many milliseconds, one after the other; none when the count is 0.
#[derive(Debug)]
pub(super) struct Pace {
    begin: Moment,
    count: u64,
    millis: u64,
    turn: u64,
    due: Moment,
}

impl Pace {
    /// From `begin` on.
    pub(super) fn new(begin: Moment, count: u64, millis: u64) -> Self {
        let due = if count == 0 { Moment(u64::MAX) } else { begin };
        Self { begin, count, millis, turn: 0, due }
    }

    /// The next moment.
    pub(super) fn due(&self) -> Moment {
        self.due
    }

    /// Takes it, so that the one after it is the next.
    pub(super) fn take(&mut self) -> Moment {
        let taken = self.due;
        self.turn += 1;
        let nanos = u128::from(self.turn) * u128::from(self.millis) * 1_000_000;
        let since = nanos.checked_div(self.count.into()).map(u64::try_from);
        self.due = match since {
            Some(Ok(since)) => Moment(self.begin.0.saturating_add(since)),
            _ => Moment(u64::MAX),
        };
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_to_their_rate_without_drifting() {
        let mut pace = Pace::new(Moment(5), 3, 1_000);
        let taken: Vec<u64> = (0..4).map(|_| pace.take().0).collect();
        assert_eq!(taken, [5, 333_333_338, 666_666_671, 1_000_000_005]);
        assert_eq!(Pace::new(Moment(5), 0, 1_000).due(), Moment(u64::MAX));
    }
}
