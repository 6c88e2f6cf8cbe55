//! Turns of a load that have come and are not taken yet.

use std::{collections::VecDeque, time::Instant};

use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Turns that have come, in their order.
#[derive(Debug)]
pub(super) struct Turns {
    ready: Semaphore,
    times: Mutex<VecDeque<Instant>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { ready: Semaphore::new(0), times: Mutex::default() }
    }
}

impl Turns {
    /// These have come.
    pub(super) fn come(&self, due: impl IntoIterator<Item = Instant>) {
        let mut times = self.times.lock();
        let before = times.len();
        times.extend(due);
        let come = times.len() - before;
        drop(times);
        self.ready.add_permits(come);
    }

    /// Takes the next one, and says when it was due; none once the load is to stop.
    pub(super) async fn next(&self, stop: &CancellationToken) -> Option<Instant> {
        stop.run_until_cancelled(self.ready.acquire()).await?.ok()?.forget();
        self.times.lock().pop_front()
    }

    /// How many nobody has taken.
    pub(super) fn left(&self) -> usize {
        self.times.lock().len()
    }
}
