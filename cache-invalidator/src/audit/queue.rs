//! What is to be looked at.

use catalog_core::contract::change::ChangeRecord;
use metrics::counter;
use tokio::{sync::mpsc, time::Instant};

use super::Delay;
use crate::metrics::AUDIT_SKIPPED;

/// A change to look at.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    /// What changed.
    pub change: ChangeRecord,
    /// When that had its effect.
    pub made: Instant,
}

/// The asking end of a bounded queue. What it cannot hold is not looked at, and counted.
#[derive(Debug, Clone)]
pub struct AuditQueue {
    sender: mpsc::Sender<Probe>,
    delay: Delay,
}

impl AuditQueue {
    /// A queue for `capacity` changes that wait for this delay, and its other end.
    pub fn new(capacity: usize, delay: Delay) -> (Self, mpsc::Receiver<Probe>) {
        let (sender, receiver) = mpsc::channel(capacity);
        (Self { sender, delay }, receiver)
    }

    /// Has a change looked at whose effect has been made.
    pub fn note(&self, change: &ChangeRecord) {
        self.pass(Probe { change: *change, made: Instant::now() });
    }

    pub(super) fn pass(&self, probe: Probe) {
        if self.sender.try_send(probe).is_err() {
            skipped(self.delay, "full");
        }
    }
}

/// A change was not looked at.
pub(super) fn skipped(delay: Delay, reason: &'static str) {
    counter!(AUDIT_SKIPPED, "after_seconds" => delay.label(), "reason" => reason).increment(1);
}
