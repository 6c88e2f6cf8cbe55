//! Turns at a fixed rate, whatever became of the turns before.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

/// Turns of a load.
pub(super) struct Arrivals {
    begin: Instant,
    rate: u32,
    turn: u32,
    places: Arc<Semaphore>,
    stop: CancellationToken,
}

/// A turn that has come.
pub(super) struct Turn {
    /// When it should have come.
    pub(super) due: Instant,
    /// Held while it is being taken; none when too many are.
    pub(super) place: Option<OwnedSemaphorePermit>,
}

impl Arrivals {
    /// `rate` turns a second from `begin` until `stop` is cancelled, at most `most_in_flight` of
    /// them being taken at once.
    pub(super) fn new(
        begin: Instant,
        rate: u32,
        most_in_flight: usize,
        stop: CancellationToken,
    ) -> Self {
        Self { begin, rate, turn: 0, places: Arc::new(Semaphore::new(most_in_flight)), stop }
    }

    /// Waits for the next turn; at once when it is late. None once the load is to stop.
    pub(super) async fn next(&mut self) -> Option<Turn> {
        let due = self.begin + Duration::from_secs(1) * self.turn / self.rate;
        self.stop.run_until_cancelled(sleep_until(due)).await?;
        self.turn += 1;
        Some(Turn { due, place: Arc::clone(&self.places).try_acquire_owned().ok() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_keep_their_times_and_too_many_at_once_are_told() {
        let (begin, stop) = (Instant::now(), CancellationToken::new());
        let mut arrivals = Arrivals::new(begin, 1_000, 2, stop.clone());
        let mut taken = Vec::new();
        for turn in 0..3 {
            let next = arrivals.next().await.unwrap();
            assert_eq!(next.due, begin + Duration::from_millis(turn));
            assert!(next.due <= Instant::now());
            taken.push(next.place);
        }
        assert!(taken[1].is_some() && taken[2].is_none());
        stop.cancel();
        assert!(arrivals.next().await.is_none());
    }
}
