//! The number of a new epoch.

use catalog_core::freshness::Epoch;
use jiff::Timestamp;
use rand::{Rng, RngExt as _};

/// What a random part below keeps apart: two clusters that begin epochs in the same microsecond.
const RANDOM_BELOW: u64 = 1 << 20;

/// An epoch above `old`: the greater of `old + 1` and the time in microseconds, plus a random
/// number below 2^20.
pub(super) fn next(old: Epoch, now: Timestamp, random: &mut impl Rng) -> Epoch {
    Epoch((old.0 + 1).max(at(now).0) + random.random_range(0..RANDOM_BELOW))
}

/// The least epoch of a moment: the time in microseconds.
pub(super) fn at(moment: Timestamp) -> Epoch {
    Epoch(u64::try_from(moment.as_microsecond()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::SmallRng};

    use super::*;

    const NOW: u64 = 1_795_000_000_000_000;

    fn next_after(old: u64) -> u64 {
        let now = Timestamp::from_microsecond(NOW.cast_signed()).unwrap();
        next(Epoch(old), now, &mut SmallRng::seed_from_u64(7)).0
    }

    #[test]
    fn the_first_epoch_is_the_time_plus_a_random_number() {
        assert!((NOW..NOW + RANDOM_BELOW).contains(&next_after(0)));
        assert_ne!(next_after(0), NOW, "nothing random was added");
    }

    #[test]
    fn a_clock_that_went_back_cannot_lower_it() {
        let old = NOW + 5_000_000_000;
        assert!((old + 1..old + 1 + RANDOM_BELOW).contains(&next_after(old)));
    }
}
