//! What the auditor has found, as JSON on the operations port: `GET /debug/audit`.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::get};
use serde::Serialize;

use super::{Delay, Tally, finding::Finding, sighting::Layer, tally::Cell};

/// What the auditor has found since the process began. Each member of the consumer group looks at the changes
/// of its own partitions.
#[derive(Debug, Serialize)]
pub struct Report {
    layers: Vec<Row>,
    /// The last ones, the confirmed before the others, and of each the newest first.
    findings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
struct Row {
    after_seconds: Delay,
    layer: Layer,
    /// Writes that were looked at, of which the layer had something.
    probes: u64,
    inconsistent: u64,
    /// Of which the layer had what was before them, and might: it was proven before them, and the bound had
    /// not passed.
    within_bound: u64,
    /// What the probes support: no more than that the rate of inconsistencies is below 3/probes.
    nines: f64,
}

impl Report {
    fn new(tally: &Tally) -> Self {
        let row = |after_seconds, layer| {
            let cell = tally.cell(after_seconds, layer);
            let Cell { probes, inconsistent, within_bound } = cell;
            Row { after_seconds, layer, probes, inconsistent, within_bound, nines: cell.nines() }
        };
        let layers =
            Delay::ALL.into_iter().flat_map(|after| Layer::ALL.map(|layer| row(after, layer)));
        Self { layers: layers.collect(), findings: tally.findings() }
    }
}

/// The routes under `/debug`.
pub fn routes(tally: Arc<Tally>) -> Router {
    Router::new().route("/audit", get(report)).with_state(tally)
}

async fn report(State(tally): State<Arc<Tally>>) -> Json<Report> {
    Json(Report::new(&tally))
}
