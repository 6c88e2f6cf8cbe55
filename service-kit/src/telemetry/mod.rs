//! Logs, metrics and traces of a process.

mod begin;
mod exemplars;
mod followed;
mod logs;
mod metrics;
mod openmetrics;
mod sampler;
mod traceparent;
mod traces;

use std::io::Write as _;

use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::settings::{LogSettings, TraceSettings};

pub use begin::{begin_counter, begin_counters};
pub use exemplars::exemplar;
pub use followed::{FollowedSpan, SpanKind};
pub use metrics::{Metrics, SECONDS_BUCKETS, describe_once, metrics};
pub use sampler::sample;
pub use traceparent::Traceparent;
pub use traces::annotate;
pub(crate) use traces::continue_from;

/// Why telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The log filter cannot be read.
    #[error("the log filter cannot be read: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The process has a subscriber already.
    #[error("logging is set up already: {0}")]
    Subscriber(#[from] tracing_subscriber::util::TryInitError),
    /// Spans cannot be sent to where the settings say.
    #[error("traces cannot be sent: {0}")]
    Traces(#[from] opentelemetry_otlp::ExporterBuildError),
}

/// The process's telemetry; flushed when it is dropped, so `main` keeps it to its end.
#[derive(Debug)]
#[must_use = "telemetry is flushed when this is dropped"]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Drop for Telemetry {
    fn drop(&mut self) {
        // Nowhere is left to say that the collector or standard output is gone.
        if let Some(provider) = &self.0 {
            let _ = provider.shutdown_with_timeout(traces::LAST_EXPORT);
        }
        let _ = std::io::stdout().flush();
    }
}

/// Sets up logging to standard output, logs panics, sends spans to the collector if there is one,
/// and describes the build in the metrics. Called once, by `main`; tests that build a service go
/// without.
pub fn init(
    service: &'static str,
    version: &'static str,
    log: &LogSettings,
    traces: &TraceSettings,
) -> Result<Telemetry, TelemetryError> {
    let provider = traces::provider(service, version, traces)?;
    let spans = provider.as_ref().map(traces::layer);
    tracing_subscriber::registry()
        .with(logs::layer(log, std::io::stdout)?)
        .with(spans)
        .try_init()?;
    logs::log_panics();
    metrics::build(service, version);
    Ok(Telemetry(provider))
}

#[cfg(test)]
pub(crate) mod tests;
