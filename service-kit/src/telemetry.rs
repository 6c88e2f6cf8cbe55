//! Logs and metrics of a process.

use std::io::Write as _;
use std::sync::OnceLock;
use std::time::Duration;

use metrics::gauge;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use tokio_util::sync::CancellationToken;
use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::settings::{LogFormat, LogSettings};

/// Upper bounds of the buckets of every histogram whose name ends in `_seconds`: from an answer
/// out of memory (microseconds) to a timeout (seconds).
pub const SECONDS_BUCKETS: [f64; 21] = [
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025,
    0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 30.0,
];

/// Between two folds of the histograms' samples; they are folded at every scrape too.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Why telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The log filter cannot be read.
    #[error("the log filter cannot be read: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The process has a subscriber already.
    #[error("logging is set up already: {0}")]
    Subscriber(#[from] tracing_subscriber::util::TryInitError),
}

/// The process's telemetry; flushed when it is dropped, so `main` keeps it to its end.
#[derive(Debug)]
#[must_use = "telemetry is flushed when this is dropped"]
pub struct Telemetry(());

impl Drop for Telemetry {
    fn drop(&mut self) {
        // Nowhere is left to say that standard output is gone.
        let _ = std::io::stdout().flush();
    }
}

/// Sets up logging to standard output, logs panics, and describes the build in the metrics.
/// Called once, by `main`; tests that build a service go without.
pub fn init(
    service: &'static str,
    version: &'static str,
    settings: &LogSettings,
) -> Result<Telemetry, TelemetryError> {
    subscriber(settings, std::io::stdout)?.try_init()?;
    log_panics();
    metrics();
    gauge!("vitrina_build_info", "service" => service, "version" => version).set(1.0);
    Ok(Telemetry(()))
}

fn subscriber<W>(
    settings: &LogSettings,
    writer: W,
) -> Result<impl Subscriber + Send + Sync, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&settings.filter)?;
    let lines = fmt::layer().with_writer(writer);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match settings.format {
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
        LogFormat::Text => lines.boxed(),
    };
    Ok(tracing_subscriber::registry().with(lines.with_filter(filter)))
}

fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(
            panic.place = place,
            panic.message = panic.payload_as_str().unwrap_or("not a string"),
            "panicked"
        );
    }));
}

/// The process's metrics. The first call installs the recorder, so a service calls this before it
/// makes its first metric; later calls give the same.
pub fn metrics() -> Metrics {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    METRICS.get_or_init(Metrics::install).clone()
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

    /// All metrics in Prometheus's text format.
    pub fn render(&self) -> String {
        self.process.collect();
        self.handle.render()
    }

    /// Keeps histograms small where nobody scrapes; ends when `stop` is cancelled.
    pub async fn upkeep(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(UPKEEP_INTERVAL);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            self.handle.run_upkeep();
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
