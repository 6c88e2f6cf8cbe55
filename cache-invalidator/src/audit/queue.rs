//! What is to be looked at.

use catalog_core::contract::change::ChangeRecord;
use metrics::counter;
use tokio::{sync::mpsc, time::Instant};

use crate::metrics::AUDIT_SKIPPED;

/// A change to look at.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    /// What changed.
    pub change: ChangeRecord,
    /// When that had its effect.
    pub made: Instant,
}

/// The asking end of the bounded queue. What it cannot hold is not looked at, and counted.
#[derive(Debug, Clone)]
pub struct AuditQueue(mpsc::Sender<Probe>);

impl AuditQueue {
    /// A queue for `capacity` changes, and its other end.
    pub fn new(capacity: usize) -> (Self, mpsc::Receiver<Probe>) {
        let (sender, receiver) = mpsc::channel(capacity);
        (Self(sender), receiver)
    }

    /// Has a change looked at whose effect has been made.
    pub fn note(&self, change: &ChangeRecord) {
        self.pass(Probe { change: *change, made: Instant::now() });
    }

    pub(super) fn pass(&self, probe: Probe) {
        if self.0.try_send(probe).is_err() {
            counter!(AUDIT_SKIPPED).increment(1);
        }
    }
}
