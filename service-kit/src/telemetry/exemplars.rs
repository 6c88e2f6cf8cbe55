//! For buckets of histograms, a trace whose request fell into them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;

use super::{SECONDS_BUCKETS, Traceparent};

/// More series than this have none: the labels of a histogram are few, but not by themselves.
const MOST: usize = 10_000;

/// What one trace measured.
#[derive(Debug, Clone)]
pub(super) struct Exemplar {
    pub(super) trace_id: Box<str>,
    pub(super) seconds: f64,
    /// Seconds since 1970.
    pub(super) at: f64,
}

/// The newest of each series, by the series as the text format writes it.
pub(super) type Exemplars = HashMap<String, Exemplar>;

static NEWEST: LazyLock<Mutex<Exemplars>> = LazyLock::new(Mutex::default);

/// Remembers `trace` for the bucket of histogram `name` that `took` falls into, if the trace is
/// recorded. The labels stand in the order in which the histogram has them.
pub fn exemplar(name: &str, labels: &[(&str, &str)], took: Duration, trace: &Traceparent) {
    if !trace.is_sampled() {
        return;
    }
    let seconds = took.as_secs_f64();
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let newest = Exemplar { trace_id: trace.trace_id().into(), seconds, at };
    let series = series(name, labels, seconds);
    let mut all = NEWEST.lock();
    if all.len() < MOST || all.contains_key(&series) {
        all.insert(series, newest);
    }
}

pub(super) fn all() -> Exemplars {
    NEWEST.lock().clone()
}

fn series(name: &str, labels: &[(&str, &str)], seconds: f64) -> String {
    let bucket = SECONDS_BUCKETS.into_iter().find(|bound| seconds <= *bound);
    let bound = bucket.map_or("+Inf".to_owned(), |bound| bound.to_string());
    let mut series = format!("{name}_bucket{{");
    for (label, value) in labels {
        let _ = write!(series, "{label}=\"{value}\",");
    }
    let _ = write!(series, "le=\"{bound}\"}}");
    series
}
