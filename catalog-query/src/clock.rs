//! The process's two clocks: one for proofs, one for prices with dates.

use std::time::Instant;

use catalog_core::freshness::Moment;
use jiff::Timestamp;

/// Reads both clocks. Copies share the origin, so their moments compare.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    origin: Instant,
}

impl Clock {
    /// A clock whose origin is now. One per process: moments of two origins do not compare.
    pub fn start() -> Self {
        Self { origin: Instant::now() }
    }

    /// Now on the monotonic clock, by which proofs are dated. Never 0, which stands for "never".
    pub fn now(&self) -> Moment {
        let nanos = self.origin.elapsed().as_nanos();
        Moment(u64::try_from(nanos).unwrap_or(u64::MAX).max(1))
    }

    /// Now on the wall clock, by which prices and publishing times begin and end. It may step, and
    /// no proof rests on it.
    pub fn wall(&self) -> Timestamp {
        Timestamp::now()
    }
}
