//! The headers of records: `CloudEvents` in Kafka's binary mode, and W3C trace context.

use catalog_core::contract::change::header;
use jiff::Timestamp;
use rdkafka::message::{Header, OwnedHeaders};
use service_kit::telemetry::Traceparent;

/// What says it.
const SOURCE: &str = "/vitrina/catalog-admin";

/// The headers of a record of type `kind`, published `now`.
pub(super) fn of(
    kind: &str,
    id: &str,
    now: Timestamp,
    traceparent: Option<&Traceparent>,
) -> OwnedHeaders {
    let now = format!("{now:.6}");
    let fixed = [
        (header::SPEC_VERSION, "1.0"),
        (header::ID, id),
        (header::TYPE, kind),
        (header::SOURCE, SOURCE),
        (header::TIME, &now),
        (header::CONTENT_TYPE, "application/json"),
    ];
    let traced = traceparent.map(|parent| (header::TRACEPARENT, parent.as_str()));
    let headers = OwnedHeaders::new_with_capacity(fixed.len() + 1);
    fixed
        .into_iter()
        .chain(traced)
        .fold(headers, |headers, (key, value)| headers.insert(Header { key, value: Some(value) }))
}
