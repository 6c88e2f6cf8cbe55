//! What is asked of stores.

use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

use crate::store::Place;

const LOAD_DURATION: &str = "vitrina_load_duration_seconds";

/// Of Redis.
#[derive(Debug)]
pub struct RedisMetrics {
    answered: Counter,
    failed: Counter,
    refused: Counter,
    open: Gauge,
    took: Histogram,
}

impl RedisMetrics {
    /// Resolves them.
    pub fn resolve() -> Self {
        let calls = |outcome| counter!("vitrina_redis_calls_total", "outcome" => outcome);
        Self {
            answered: calls("answered"),
            failed: calls("failed"),
            refused: calls("refused"),
            open: gauge!("vitrina_redis_breaker_open"),
            took: histogram!(LOAD_DURATION, "layer" => "redis"),
        }
    }

    /// Redis answered.
    pub fn answered(&self, took: Duration) {
        self.took.record(took);
        self.answered.increment(1);
    }

    /// Redis did not answer, or with an error.
    pub fn failed(&self) {
        self.failed.increment(1);
    }

    /// Whether the breaker lets calls through freely, after a call.
    pub fn breaker(&self, is_closed: bool) {
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
    took: [Histogram; 2],
}

impl LoadMetrics {
    /// Resolves them.
    pub fn resolve() -> Self {
        let loads = |place| {
            ["failed", "answered"].map(
                |outcome| counter!("vitrina_loads_total", "layer" => place, "outcome" => outcome),
            )
        };
        Self {
            unusable: counter!("vitrina_unusable_entries_total"),
            loads: [loads("replica"), loads("primary")],
            took: ["replica", "primary"].map(|layer| histogram!(LOAD_DURATION, "layer" => layer)),
        }
    }

    /// A store held something that cannot be used as what it was stored as.
    pub fn unusable(&self) {
        self.unusable.increment(1);
    }

    /// Statements were answered, or failed.
    pub fn loaded(&self, place: Place, answered: bool, took: Duration) {
        let place = match place {
            Place::Replica => 0,
            Place::Primary => 1,
        };
        self.took[place].record(took);
        self.loads[place][usize::from(answered)].increment(1);
    }
}

/// Of loads of what is dated as a whole: lists, old slugs.
#[derive(Debug)]
pub struct DatedMetrics {
    loads: [[Counter; 2]; 2],
    refused: Counter,
}

impl DatedMetrics {
    /// Resolves them.
    pub fn resolve() -> Self {
        let loads = |place| {
            ["failed", "answered"].map(|outcome| {
                counter!("vitrina_dated_loads_total", "layer" => place, "outcome" => outcome)
            })
        };
        Self {
            loads: [loads("replica"), loads("primary")],
            refused: counter!("vitrina_dated_loads_refused_total"),
        }
    }

    /// A statement was answered, or failed.
    pub fn loaded(&self, place: Place, answered: bool) {
        let place = match place {
            Place::Replica => 0,
            Place::Primary => 1,
        };
        self.loads[place][usize::from(answered)].increment(1);
    }

    /// A load was refused, because too many were under way.
    pub fn refused(&self) {
        self.refused.increment(1);
    }
}
