//! Readiness, and the operations port: `/livez`, `/readyz`, `/metrics`, `/debug`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use parking_lot::Mutex;
use serde::Serialize;

use crate::telemetry::Metrics;

/// A latch: the process is ready once every named condition has been met, and stays so until it
/// shuts down. A dependency that goes away later does not make it unready, or all pods would be
/// taken out of service at once by what each of them could still answer.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<Latch>);

#[derive(Debug, Default)]
struct Latch {
    conditions: Mutex<Vec<Arc<ConditionState>>>,
    stopping: AtomicBool,
}

#[derive(Debug)]
struct ConditionState {
    name: &'static str,
    met: AtomicBool,
}

/// One thing that must have happened before the process is ready.
#[derive(Debug, Clone)]
pub struct Condition(Arc<ConditionState>);

impl Condition {
    /// Says that it has happened. Saying so again changes nothing.
    pub fn met(&self) {
        if !self.0.met.swap(true, Ordering::AcqRel) {
            tracing::info!(condition.name = self.0.name, "readiness condition met");
        }
    }

    /// Whether it has happened.
    pub fn is_met(&self) -> bool {
        self.0.met.load(Ordering::Acquire)
    }
}

impl Readiness {
    /// Ready, as long as no condition is added.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition that has not been met yet. Add all before the operations port is served.
    pub fn condition(&self, name: &'static str) -> Condition {
        let condition = Arc::new(ConditionState { name, met: AtomicBool::new(false) });
        self.0.conditions.lock().push(Arc::clone(&condition));
        Condition(condition)
    }

    /// Unready from now on, whatever is met.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Release);
    }

    /// Whether the process has begun to end.
    pub fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Acquire)
    }

    /// What the process still waits for; `shutdown` while it shuts down. Empty when it is ready.
    pub fn failing(&self) -> Vec<&'static str> {
        if self.0.stopping.load(Ordering::Acquire) {
            return vec!["shutdown"];
        }
        let conditions = self.0.conditions.lock();
        let unmet = conditions.iter().filter(|condition| !condition.met.load(Ordering::Acquire));
        unmet.map(|condition| condition.name).collect()
    }

    /// Whether nothing is [`failing`](Self::failing).
    pub fn is_ready(&self) -> bool {
        self.failing().is_empty()
    }
}

/// The operations port's routes; `debug` is nested under `/debug`.
pub fn ops_router(readiness: Readiness, metrics: Metrics, debug: Router) -> Router {
    Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(readyz).with_state(readiness))
        .route("/metrics", get(render_metrics).with_state(metrics))
        .nest("/debug", debug)
}

/// The body of `/readyz`.
#[derive(Debug, Serialize)]
struct Ready {
    ready: bool,
    failing: Vec<&'static str>,
}

async fn readyz(State(readiness): State<Readiness>) -> Response {
    let failing = readiness.failing();
    let ready = failing.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, failing })).into_response()
}

/// In `OpenMetrics` for those who can read it, since the older format has no exemplars.
async fn render_metrics(State(metrics): State<Metrics>, headers: HeaderMap) -> impl IntoResponse {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.contains("application/openmetrics-text") {
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        ([(CONTENT_TYPE, kind)], metrics.render_openmetrics())
    } else {
        ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render())
    }
}
