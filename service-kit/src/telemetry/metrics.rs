//! The process's metrics.

use std::sync::{Once, OnceLock};
use std::time::Duration;

use metrics::{describe_gauge, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use tokio_util::sync::CancellationToken;

use super::{exemplars, openmetrics};

/// Upper bounds of the buckets of every histogram whose name ends in `_seconds`: from an answer
/// out of memory (microseconds) to a timeout (seconds).
pub const SECONDS_BUCKETS: [f64; 21] = [
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025,
    0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 30.0,
];

/// Between two folds of the histograms' samples; they are folded at every scrape too.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);
const BUILD_INFO: &str = "vitrina_build_info";

/// Says which build of which service this is.
pub(super) fn build(service: &'static str, version: &'static str) {
    metrics();
    describe_gauge!(BUILD_INFO, "Always 1; its labels say which service runs in which version.");
    gauge!(BUILD_INFO, "service" => service, "version" => version).set(1.0);
}

/// The process's metrics. The first call installs the recorder, so a service calls this before it
/// makes its first metric; later calls give the same.
pub fn metrics() -> Metrics {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    METRICS.get_or_init(Metrics::install).clone()
}

/// Has the metrics of a service explain themselves by `describe`, once in a process, however many
/// services a test starts in it: the exporter's table of descriptions is made for few writes.
pub fn describe_once(describe: fn()) {
    static DESCRIBED: Once = Once::new();
    DESCRIBED.call_once(describe);
}

/// Renders the process's metrics.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    process: Collector,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    fn install() -> Self {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS_BUCKETS)
            .expect("the list of buckets is not empty")
            .install_recorder()
            .expect("no other recorder is installed: this is the only place, behind a OnceLock");
        let process = Collector::default();
        process.describe();
        Self { handle, process }
    }

    /// All metrics in Prometheus's text format, version 0.0.4.
    pub fn render(&self) -> String {
        self.process.collect();
        self.handle.render()
    }

    /// All metrics in the `OpenMetrics` text format, version 1.0.0, with exemplars.
    pub fn render_openmetrics(&self) -> String {
        openmetrics::of(&self.render(), &exemplars::all())
    }

    /// Keeps histograms small where nobody scrapes; ends when `stop` is cancelled.
    pub async fn upkeep(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(UPKEEP_INTERVAL);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            self.handle.run_upkeep();
        }
    }
}
