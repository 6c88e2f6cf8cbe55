//! Spans of traces that reached the process by other ways than a request.

use std::time::SystemTime;

use opentelemetry::global::BoxedSpan;
use opentelemetry::trace::{Span as _, Tracer as _};
use opentelemetry::{KeyValue, Value, global};

pub use opentelemetry::trace::SpanKind;

use super::Traceparent;

/// A part of a trace that another process began and that nobody waits for here: it came with a
/// record. Ends when it is dropped.
#[derive(Debug)]
#[must_use = "it ends when it is dropped"]
pub struct FollowedSpan(BoxedSpan);

impl FollowedSpan {
    /// Begins it now; `None` when the trace is not recorded.
    pub fn begin(parent: &Traceparent, name: &'static str, kind: SpanKind) -> Option<Self> {
        Self::begin_at(parent, name, kind, SystemTime::now())
    }

    /// As if it had begun at `start`.
    pub fn begin_at(
        parent: &Traceparent,
        name: &'static str,
        kind: SpanKind,
        start: SystemTime,
    ) -> Option<Self> {
        if !parent.is_sampled() {
            return None;
        }
        let tracer = global::tracer("vitrina");
        let builder = tracer.span_builder(name).with_kind(kind).with_start_time(start);
        let span = tracer.build_with_context(builder, &parent.context());
        span.is_recording().then_some(Self(span))
    }

    /// Says something about it.
    pub fn set(&mut self, key: &'static str, value: impl Into<Value>) {
        self.0.set_attribute(KeyValue::new(key, value));
    }

    /// By which others continue it.
    pub fn traceparent(&self) -> Traceparent {
        Traceparent::of_context(self.0.span_context())
    }
}
