//! What is shown of a span.

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::Span as ProtoSpan,
};

/// A span as it was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The trace's id.
    pub trace: Vec<u8>,
    /// Its own id.
    pub id: Vec<u8>,
    /// The id of what it is a part of.
    pub parent: Vec<u8>,
    /// What was done.
    pub name: String,
    /// By which service, and by which of its processes.
    pub process: String,
    /// When it began, in nanoseconds since 1970.
    pub begin: u64,
    /// When it ended, in nanoseconds since 1970.
    pub end: u64,
    /// What is known beside.
    pub attributes: Vec<(String, String)>,
}

/// The spans of an export, each with its process.
pub(super) fn spans(export: ExportTraceServiceRequest) -> Vec<Span> {
    let of_process = export.resource_spans.into_iter().flat_map(|process| {
        let resource = process.resource.unwrap_or_default();
        let name = |key: &str| {
            let attribute = resource.attributes.iter().find(|attribute| attribute.key == key);
            attribute.map(text).unwrap_or_default()
        };
        let name = format!("{} ({})", name("service.name"), name("service.instance.id"));
        let spans = process.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.map(move |span| read(span, &name)).collect::<Vec<_>>()
    });
    of_process.collect()
}

fn read(span: ProtoSpan, process: &str) -> Span {
    Span {
        trace: span.trace_id,
        id: span.span_id,
        parent: span.parent_span_id,
        name: span.name,
        process: process.to_owned(),
        begin: span.start_time_unix_nano,
        end: span.end_time_unix_nano,
        attributes: span.attributes.iter().map(|each| (each.key.clone(), text(each))).collect(),
    }
}

fn text(attribute: &KeyValue) -> String {
    match attribute.value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(truth)) => truth.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        _ => String::new(),
    }
}
