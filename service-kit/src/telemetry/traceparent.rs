use std::fmt;

use axum::http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use rand::RngExt as _;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// A place in a trace: the `traceparent` header of W3C Trace Context, version 00.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traceparent(Box<str>);

impl Traceparent {
    /// The header's name, in HTTP and in Kafka's records.
    pub const HEADER: &'static str = "traceparent";

    /// The request's, unless it has none or one that is not well formed.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        Self::parse(headers.get(Self::HEADER)?.to_str().ok()?)
    }

    /// Of a trace that begins here and is not recorded.
    pub fn random() -> Self {
        let mut rng = rand::rng();
        // Ids must not be 0.
        let (trace, span) = (rng.random_range(1..u128::MAX), rng.random_range(1..u64::MAX));
        Self(format!("00-{trace:032x}-{span:016x}-00").into())
    }

    /// Of a span; `None` when nothing records spans.
    pub fn of_span(span: &Span) -> Option<Self> {
        let context = span.context();
        let context = context.span().span_context().clone();
        context.is_valid().then(|| Self::of_context(&context))
    }

    pub(super) fn of_context(context: &SpanContext) -> Self {
        let (trace, span) = (context.trace_id(), context.span_id());
        Self(format!("00-{trace}-{span}-{:02x}", context.trace_flags()).into())
    }

    /// `00-<32 hex digits>-<16 hex digits>-<2 hex digits>`, ids not all zero.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let ["00", trace, span, flags] = parts[..] else {
            return None;
        };
        let id =
            |part: &str, length| is_hex(part, length) && part.bytes().any(|digit| digit != b'0');
        (id(trace, 32) && id(span, 16) && is_hex(flags, 2)).then(|| Self(text.into()))
    }

    /// The header's value.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The trace's id, 32 hex digits.
    pub fn trace_id(&self) -> &str {
        &self.0[3..35]
    }

    /// Whether the trace is recorded.
    pub fn is_sampled(&self) -> bool {
        self.flags().is_sampled()
    }

    /// The same place of a trace of which nothing more is recorded.
    #[must_use]
    pub fn unsampled(&self) -> Self {
        Self(format!("{}-00", &self.0[..52]).into())
    }

    fn flags(&self) -> TraceFlags {
        TraceFlags::new(u8::from_str_radix(&self.0[53..], 16).unwrap_or(0))
    }

    /// As the parent of spans made here.
    pub(super) fn context(&self) -> Context {
        let trace = TraceId::from_hex(self.trace_id()).unwrap_or(TraceId::INVALID);
        let span = SpanId::from_hex(&self.0[36..52]).unwrap_or(SpanId::INVALID);
        let remote = SpanContext::new(trace, span, self.flags(), true, TraceState::default());
        Context::new().with_remote_span_context(remote)
    }
}

impl fmt::Display for Traceparent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_well_formed_one_is_taken_whole() {
        let parent = Traceparent::parse(GOOD).expect("well formed");
        assert_eq!(parent.as_str(), GOOD);
        assert_eq!(parent.trace_id(), "0af7651916cd43dd8448eb211c80319c");
    }

    #[test]
    fn the_last_flag_says_whether_the_trace_is_recorded() {
        let parent = Traceparent::parse(GOOD).expect("well formed");
        assert!(parent.is_sampled());
        let quiet = parent.unsampled();
        assert!(!quiet.is_sampled());
        assert_eq!(quiet.as_str(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
    }

    #[test]
    fn it_is_the_same_place_to_those_who_record_spans() {
        let parent = Traceparent::parse(GOOD).expect("well formed");
        let context = parent.context();
        assert_eq!(Traceparent::of_context(context.span().span_context()), parent);
    }

    #[test]
    fn a_random_one_is_well_formed_and_not_recorded() {
        let random = Traceparent::random();
        assert_eq!(Traceparent::parse(random.as_str()), Some(random.clone()));
        assert!(!random.is_sampled());
        assert_ne!(random, Traceparent::random());
    }

    #[test]
    fn others_are_left_out() {
        let zero = "0".repeat(32);
        for bad in [
            "",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
            &format!("00-{zero}-b7ad6b7169203331-01"),
        ] {
            assert_eq!(Traceparent::parse(bad), None, "{bad:?}");
        }
    }
}
