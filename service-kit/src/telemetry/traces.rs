//! Spans, sent to a collector by OTLP over HTTP.

use std::time::Duration;

use opentelemetry::global;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use tracing::{Metadata, Span, Subscriber};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt as _};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterExt as _, FilterFn, LevelFilter};
use tracing_subscriber::registry::LookupSpan;

use super::Traceparent;
use crate::settings::TraceSettings;

/// How long one export may take.
const EXPORT: Duration = Duration::from_secs(5);
/// How long the end of the process waits for the last export.
pub(super) const LAST_EXPORT: Duration = Duration::from_secs(2);
/// Where a collector takes spans: OTLP 1.x, "OTLP/HTTP Request".
const PATH: &str = "/v1/traces";

/// Records and sends spans; `None` when the settings name no collector.
///
/// What the standard variable `OTEL_RESOURCE_ATTRIBUTES` says of the process goes with each.
pub(super) fn provider(
    service: &'static str,
    version: &'static str,
    settings: &TraceSettings,
) -> Result<Option<SdkTracerProvider>, ExporterBuildError> {
    if settings.endpoint.is_empty() {
        return Ok(None);
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}{PATH}", settings.endpoint.trim_end_matches('/')))
        .with_timeout(EXPORT)
        .build()?;
    let resource = Resource::builder()
        .with_service_name(service)
        .with_attribute(opentelemetry::KeyValue::new("service.version", version))
        .build();
    // The caller's decision goes before ours, or a trace would have holes.
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.sample_ratio)));
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(sampler)
        .with_resource(resource)
        .build();
    global::set_tracer_provider(provider.clone());
    Ok(Some(provider))
}

/// Makes spans of the `tracing` crate spans of a trace. Events stay with the logs.
pub(super) fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S> + Send + Sync + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
{
    let tracer: SdkTracer = provider.tracer("vitrina");
    let spans = FilterFn::new(is_span);
    OpenTelemetryLayer::new(tracer)
        .with_threads(false)
        .with_location(false)
        .with_target(false)
        .with_filter(spans.and(LevelFilter::INFO))
}

/// Says something about the request that is being answered, where its span is recorded.
pub fn annotate(key: &'static str, value: &'static str) {
    Span::current().set_attribute(key, value);
}

/// Makes `span` a child of `parent`, before it is entered.
pub(crate) fn continue_from(span: &Span, parent: &Traceparent) {
    // Without a collector nothing records spans, and there is no child to make.
    let _ = span.set_parent(parent.context());
}

fn is_span(metadata: &Metadata<'_>) -> bool {
    metadata.is_span()
}
