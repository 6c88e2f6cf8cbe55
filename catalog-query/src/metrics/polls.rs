//! What is learned of changes.

use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

/// Of the polls.
#[derive(Debug)]
pub struct PollMetrics {
    duration: Histogram,
    recent: Gauge,
}

const POLLS: &str = "vitrina_polls_total";

impl PollMetrics {
    /// Resolves them.
    pub fn resolve() -> Self {
        Self {
            duration: histogram!("vitrina_poll_duration_seconds"),
            recent: gauge!("vitrina_recent_entries"),
        }
    }

    /// A poll was answered, and the pod now remembers so many changes.
    pub fn answered(&self, outcome: &'static str, took: Duration, recent: usize) {
        counter!(POLLS, "outcome" => outcome).increment(1);
        self.duration.record(took);
        self.recent.set(u32::try_from(recent).unwrap_or(u32::MAX));
    }

    /// A poll was not answered.
    pub fn failed(&self) {
        counter!(POLLS, "outcome" => "failed").increment(1);
    }
}

/// Of the records followed.
#[derive(Debug)]
pub struct FollowMetrics {
    news: Counter,
    known: Counter,
    broken: Counter,
    failed: Counter,
}

impl FollowMetrics {
    /// Resolves them.
    pub fn resolve() -> Self {
        let records = |outcome| counter!("vitrina_change_records_total", "outcome" => outcome);
        Self {
            news: records("news"),
            known: records("known"),
            broken: records("broken"),
            failed: counter!("vitrina_change_feed_failures_total"),
        }
    }

    /// A record was heard.
    pub fn heard(&self, news: bool) {
        if news { self.news.increment(1) } else { self.known.increment(1) }
    }

    /// A record could not be read, and was skipped.
    pub fn broken(&self) {
        self.broken.increment(1);
    }

    /// Kafka could not be reached, or told of an error.
    pub fn failed(&self) {
        self.failed.increment(1);
    }
}

/// A poll or the first fill brought a version row of a kind of a later release, which was left out.
pub fn unknown_version_row() {
    counter!("vitrina_unknown_version_rows_total").increment(1);
}
