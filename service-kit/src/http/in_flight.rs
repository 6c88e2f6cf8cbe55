use std::sync::Arc;

use metrics::{Gauge, gauge};
use tokio::sync::{Semaphore, SemaphorePermit};

pub(super) const IN_FLIGHT: &str = "vitrina_http_requests_in_flight";
pub(super) const IN_FLIGHT_LIMIT: &str = "vitrina_http_requests_in_flight_limit";

/// The requests that are being worked on, and how many there may be.
#[derive(Debug, Clone)]
pub(super) struct InFlight {
    room: Arc<Semaphore>,
    now: Gauge,
}

impl InFlight {
    pub(super) fn new(most: usize) -> Self {
        gauge!(IN_FLIGHT_LIMIT).set(u32::try_from(most).unwrap_or(u32::MAX));
        Self { room: Arc::new(Semaphore::new(most)), now: gauge!(IN_FLIGHT) }
    }

    /// Counts a request in until what this gives is dropped; `None` when there are too many.
    pub(super) fn enter(&self) -> Option<Entered<'_>> {
        let permit = self.room.try_acquire().ok()?;
        self.now.increment(1.0);
        Some(Entered { now: &self.now, _permit: permit })
    }
}

#[derive(Debug)]
pub(super) struct Entered<'a> {
    now: &'a Gauge,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.now.decrement(1.0);
    }
}
