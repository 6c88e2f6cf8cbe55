//! What was counted, by any number of tasks at once.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use parking_lot::Mutex;

use super::ReadError;

/// Counters of answers and edits.
#[derive(Debug, Default)]
pub struct Tally {
    pub(super) reads: AtomicU64,
    pub(super) stale: AtomicU64,
    pub(super) beyond_bound: AtomicU64,
    pub(super) wrong: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) not_sent: AtomicU64,
    pub(super) edits: AtomicU64,
    pub(super) edits_refused: AtomicU64,
    /// The failed reads by their reason.
    failures: Mutex<BTreeMap<String, u64>>,
}

/// A reading of a [`Tally`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Answers with a product.
    pub reads: u64,
    /// Of these, labelled stale.
    pub stale: u64,
    /// Of these, older than the bound without saying so.
    pub beyond_bound: u64,
    /// Of these, another product, or a version with another edit's mark.
    pub wrong: u64,
    /// Reads without an answer, or with another status.
    pub failed: u64,
    /// Reads that could not be sent in their turn because too many were in flight.
    pub not_sent: u64,
    /// Acknowledged edits.
    pub edits: u64,
    /// Edits that were not acknowledged.
    pub edits_refused: u64,
}

pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

impl Tally {
    pub(super) fn fail(&self, error: &ReadError) {
        count(&self.failed);
        *self.failures.lock().entry(error.to_string()).or_default() += 1;
    }

    /// How many reads have failed so far, by their reason.
    pub fn failures(&self) -> BTreeMap<String, u64> {
        self.failures.lock().clone()
    }

    /// What has been counted so far.
    pub fn counts(&self) -> Counts {
        Counts {
            reads: self.reads.load(Relaxed),
            stale: self.stale.load(Relaxed),
            beyond_bound: self.beyond_bound.load(Relaxed),
            wrong: self.wrong.load(Relaxed),
            failed: self.failed.load(Relaxed),
            not_sent: self.not_sent.load(Relaxed),
            edits: self.edits.load(Relaxed),
            edits_refused: self.edits_refused.load(Relaxed),
        }
    }
}

impl Counts {
    /// What has been counted since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            reads: self.reads - earlier.reads,
            stale: self.stale - earlier.stale,
            beyond_bound: self.beyond_bound - earlier.beyond_bound,
            wrong: self.wrong - earlier.wrong,
            failed: self.failed - earlier.failed,
            not_sent: self.not_sent - earlier.not_sent,
            edits: self.edits - earlier.edits,
            edits_refused: self.edits_refused - earlier.edits_refused,
        }
    }
}
