//! What was counted, by any number of tasks at once.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use hdrhistogram::Histogram;
use parking_lot::Mutex;

use super::{ReadError, Times, Way};

/// Counters of answers and edits.
#[derive(Debug, Default)]
pub struct Tally {
    pub(super) sent: AtomicU64,
    pub(super) not_sent: AtomicU64,
    pub(super) polls: AtomicU64,
    pub(super) judged: AtomicU64,
    pub(super) stale: AtomicU64,
    pub(super) beyond_bound: AtomicU64,
    pub(super) wrong: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) latency: Times,
    pub(super) lateness: Times,
    pub(super) poll_gaps: Times,
    admin: EditTally,
    psql: EditTally,
    /// The failed reads by their reason.
    failures: Mutex<BTreeMap<String, u64>>,
}

/// Counters of the edits of one way.
#[derive(Debug, Default)]
pub(super) struct EditTally {
    pub(super) acknowledged: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) not_sent: AtomicU64,
}

/// A reading of a [`Tally`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reads of the load that were sent.
    pub sent: u64,
    /// Reads of the load that were not sent in their turn because too many were in flight.
    pub not_sent: u64,
    /// Polls for an edit, beside the load.
    pub polls: u64,
    /// Answers with a product, to reads and polls.
    pub judged: u64,
    /// Of these, labelled stale.
    pub stale: u64,
    /// Of these, older than the bound without saying so.
    pub beyond_bound: u64,
    /// Of these, another product, or a version with another edit's mark.
    pub wrong: u64,
    /// Reads and polls without an answer in time, or with another status.
    pub failed: u64,
    /// Edits through catalog-admin.
    pub admin: EditCounts,
    /// Edits with psql.
    pub psql: EditCounts,
}

/// What came of the edits of one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EditCounts {
    /// Acknowledged.
    pub acknowledged: u64,
    /// Not acknowledged.
    pub refused: u64,
    /// Not made in their turn because too many were in flight.
    pub not_sent: u64,
}

/// Counts and times up to a moment, or between two.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The counts.
    pub counts: Counts,
    /// Microseconds from when a read of the load was due to its outcome.
    pub latency: Histogram<u64>,
    /// Microseconds from when a read of the load was due to its sending.
    pub lateness: Histogram<u64>,
    /// Microseconds from a poll for an edit to the next one.
    pub poll_gaps: Histogram<u64>,
}

pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

impl Tally {
    pub(super) fn edits(&self, way: Way) -> &EditTally {
        match way {
            Way::Admin => &self.admin,
            Way::Psql => &self.psql,
        }
    }

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
            sent: self.sent.load(Relaxed),
            not_sent: self.not_sent.load(Relaxed),
            polls: self.polls.load(Relaxed),
            judged: self.judged.load(Relaxed),
            stale: self.stale.load(Relaxed),
            beyond_bound: self.beyond_bound.load(Relaxed),
            wrong: self.wrong.load(Relaxed),
            failed: self.failed.load(Relaxed),
            admin: self.admin.counts(),
            psql: self.psql.counts(),
        }
    }

    /// What has been counted and timed so far.
    pub fn reading(&self) -> Reading {
        Reading {
            counts: self.counts(),
            latency: self.latency.reading(),
            lateness: self.lateness.reading(),
            poll_gaps: self.poll_gaps.reading(),
        }
    }
}

impl EditTally {
    fn counts(&self) -> EditCounts {
        EditCounts {
            acknowledged: self.acknowledged.load(Relaxed),
            refused: self.refused.load(Relaxed),
            not_sent: self.not_sent.load(Relaxed),
        }
    }
}

impl Reading {
    /// What has been counted and timed since `earlier`, a reading of the same tally.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let times = |now: &Histogram<u64>, before: &Histogram<u64>| {
            let mut now = now.clone();
            now.subtract(before).expect("an earlier reading of the same times holds no more");
            now
        };
        Self {
            counts: self.counts.since(earlier.counts),
            latency: times(&self.latency, &earlier.latency),
            lateness: times(&self.lateness, &earlier.lateness),
            poll_gaps: times(&self.poll_gaps, &earlier.poll_gaps),
        }
    }
}

impl Counts {
    /// What has been counted since `earlier`, counts of the same tally.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            sent: self.sent - earlier.sent,
            not_sent: self.not_sent - earlier.not_sent,
            polls: self.polls - earlier.polls,
            judged: self.judged - earlier.judged,
            stale: self.stale - earlier.stale,
            beyond_bound: self.beyond_bound - earlier.beyond_bound,
            wrong: self.wrong - earlier.wrong,
            failed: self.failed - earlier.failed,
            admin: self.admin.since(earlier.admin),
            psql: self.psql.since(earlier.psql),
        }
    }
}

impl EditCounts {
    fn since(self, earlier: Self) -> Self {
        Self {
            acknowledged: self.acknowledged - earlier.acknowledged,
            refused: self.refused - earlier.refused,
            not_sent: self.not_sent - earlier.not_sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_phase_has_its_own_counts_and_its_own_slowest_read() {
        let tally = Tally::default();
        tally.latency.record(Duration::from_millis(900));
        count(&tally.edits(Way::Psql).acknowledged);
        let before = tally.reading();
        tally.latency.record(Duration::from_millis(20));
        count(&tally.sent);
        count(&tally.edits(Way::Admin).refused);
        let phase = tally.reading().since(&before);
        assert_eq!((phase.counts.sent, phase.counts.psql.acknowledged), (1, 0));
        assert_eq!(phase.counts.admin.refused, 1);
        assert_eq!(phase.latency.len(), 1);
        assert_eq!(phase.latency.max() / 1_000, 20);
    }
}
