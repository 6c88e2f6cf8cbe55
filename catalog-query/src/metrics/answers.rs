//! What callers are given.

use std::time::Duration;

use http::StatusCode;
use metrics::{Counter, Histogram, counter, histogram};
use service_kit::http::REQUEST_DURATION;

use crate::{cache::Layer, freshness::Label};

/// Of answers.
#[derive(Debug)]
pub struct ReadMetrics {
    answers: [[Counter; 2]; 4],
    coalesced: Counter,
    overloaded: Counter,
    refresh_dropped: Counter,
    mismatched: Counter,
    rendered: [Counter; 2],
}

impl ReadMetrics {
    /// Resolves them.
    pub fn resolve() -> Self {
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
            rendered: ["refused", "kept"]
                .map(|outcome| counter!("vitrina_moka_fills_total", "outcome" => outcome)),
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

    /// What was rendered was kept in memory, or something as good or better was there.
    pub fn rendered(&self, kept: bool) {
        self.rendered[usize::from(kept)].increment(1);
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
    pub fn resolve() -> Self {
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
