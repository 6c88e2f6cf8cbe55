//! Who waits to be refilled.

use catalog_core::contract::change::ChangeRecord;
use metrics::counter;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{cache::Refill, metrics::REFILLS};

/// The asking end of the bounded queue.
#[derive(Debug, Clone)]
pub struct RefillQueue(mpsc::Sender<Refill>);

impl RefillQueue {
    /// A queue for `capacity` refills, and its other end.
    pub fn new(capacity: usize) -> (Self, mpsc::Receiver<Refill>) {
        let (sender, receiver) = mpsc::channel(capacity);
        (Self(sender), receiver)
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }

    /// Asks for what has changed to be loaded again; when the queue is full, readers will do it.
    pub fn ask(&self, change: &ChangeRecord) {
        let refill = Refill {
            entity: change.entity(),
            epoch: change.epoch,
            version: change.version,
            token: Uuid::new_v4(),
        };
        if self.0.try_send(refill).is_err() {
            counter!(REFILLS, "outcome" => "queue_full").increment(1);
        }
    }
}
