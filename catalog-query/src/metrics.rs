//! The metrics of this service, each spelled once and resolved beforehand.

use std::time::Duration;

use http::StatusCode;
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use service_kit::http::REQUEST_DURATION;

use crate::{cache::Layer, freshness::Label, store::Place};

/// Of the polls.
#[derive(Debug)]
pub struct PollMetrics {
    duration: Histogram,
    recent: Gauge,
}

const POLLS: &str = "vitrina_polls_total";

impl PollMetrics {
    /// Resolves them.
    pub fn new() -> Self {
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
    pub fn new() -> Self {
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

/// Of Redis.
#[derive(Debug)]
pub struct RedisMetrics {
    answered: Counter,
    failed: Counter,
    refused: Counter,
    open: Gauge,
}

impl RedisMetrics {
    /// Resolves them.
    pub fn new() -> Self {
        let calls = |outcome| counter!("vitrina_redis_calls_total", "outcome" => outcome);
        Self {
            answered: calls("answered"),
            failed: calls("failed"),
            refused: calls("refused"),
            open: gauge!("vitrina_redis_breaker_open"),
        }
    }

    /// Redis answered.
    pub fn answered(&self) {
        self.answered.increment(1);
        self.open.set(0);
    }

    /// Redis did not answer, or with an error.
    pub fn failed(&self, is_closed: bool) {
        self.failed.increment(1);
        self.open.set(u8::from(!is_closed));
    }

    /// The breaker let no call through.
    pub fn refused(&self) {
        self.refused.increment(1);
    }

    /// A fill was taken or refused; `None` when Redis did not answer.
    pub fn filled(&self, outcome: Option<&str>) {
        let outcome = match outcome {
            Some("filled") => "filled",
            Some("lease") => "refused_lease",
            Some("floor") => "refused_floor",
            Some("newer") => "refused_newer",
            _ => "failed",
        };
        counter!("vitrina_redis_fills_total", "outcome" => outcome).increment(1);
    }
}

/// Of loads.
#[derive(Debug)]
pub struct LoadMetrics {
    unusable: Counter,
    loads: [[Counter; 2]; 2],
}

impl LoadMetrics {
    /// Resolves them.
    pub fn new() -> Self {
        let loads = |place| {
            ["failed", "answered"].map(
                |outcome| counter!("vitrina_loads_total", "layer" => place, "outcome" => outcome),
            )
        };
        Self {
            unusable: counter!("vitrina_unusable_entries_total"),
            loads: [loads("replica"), loads("primary")],
        }
    }

    /// A store held something that cannot be used as what it was stored as.
    pub fn unusable(&self) {
        self.unusable.increment(1);
    }

    /// Statements were answered, or failed.
    pub fn loaded(&self, place: Place, answered: bool) {
        let place = match place {
            Place::Replica => 0,
            Place::Primary => 1,
        };
        self.loads[place][usize::from(answered)].increment(1);
    }
}

/// Of answers.
#[derive(Debug)]
pub struct ReadMetrics {
    answers: [[Counter; 2]; 4],
    coalesced: Counter,
    overloaded: Counter,
    refresh_dropped: Counter,
    mismatched: Counter,
}

impl ReadMetrics {
    /// Resolves them.
    pub fn new() -> Self {
        let answers = |layer: Layer| {
            ["fresh", "stale"].map(|freshness| {
                counter!("vitrina_answers_total", "layer" => layer.as_str(), "freshness" => freshness)
            })
        };
        Self {
            answers: [Layer::Moka, Layer::Redis, Layer::Replica, Layer::Primary].map(answers),
            coalesced: counter!("vitrina_loads_coalesced_total"),
            overloaded: counter!("vitrina_loads_refused_total"),
            refresh_dropped: counter!("vitrina_refreshes_dropped_total"),
            mismatched: counter!("vitrina_mismatched_hits_total"),
        }
    }

    /// An answer was given.
    pub fn answered(&self, layer: Layer, label: Label) {
        let layer = match layer {
            Layer::Moka => 0,
            Layer::Redis => 1,
            Layer::Replica => 2,
            Layer::Primary => 3,
        };
        self.answers[layer][usize::from(label.is_stale())].increment(1);
    }

    /// A caller joined a load that was under way.
    pub fn coalesced(&self) {
        self.coalesced.increment(1);
    }

    /// A load was refused, because too many were under way.
    pub fn overloaded(&self) {
        self.overloaded.increment(1);
    }

    /// An entry was not loaded again, because too many waited for that.
    pub fn refresh_dropped(&self) {
        self.refresh_dropped.increment(1);
    }

    /// A hit was another product than the one asked for.
    pub fn mismatched(&self) {
        self.mismatched.increment(1);
    }
}

/// Of the path before the router, the same histogram that the router's requests are in.
#[derive(Debug, Clone)]
pub struct FastPathMetrics {
    ok: Histogram,
    not_modified: Histogram,
}

impl FastPathMetrics {
    /// Resolves them.
    pub fn new() -> Self {
        let answers = |status| {
            histogram!(
                REQUEST_DURATION,
                "method" => "GET", "route" => "/v1/products/{id}", "status" => status,
            )
        };
        Self { ok: answers("200"), not_modified: answers("304") }
    }

    /// An answer was given.
    pub fn answered(&self, status: StatusCode, took: Duration) {
        if status == StatusCode::NOT_MODIFIED {
            self.not_modified.record(took);
        } else {
            self.ok.record(took);
        }
    }
}

/// Since the newest poll that counted was sent.
pub fn proof_lag(lag: Duration) {
    gauge!("vitrina_proof_lag_seconds").set(lag.as_secs_f64());
}
