//! What a record says.

use catalog_core::contract::change::{ChangeRecord, RESYNC_STARTED, TOPIC, header};
use rdkafka::{
    Message as _,
    message::{BorrowedHeaders, BorrowedMessage, Headers as _, OwnedHeaders},
};
use service_kit::telemetry::{FollowedSpan, SpanKind, Traceparent};

/// A record with where it stood.
#[derive(Debug)]
pub struct Received {
    /// Its partition.
    pub partition: i32,
    /// Its offset there.
    pub offset: i64,
    /// When it was written, in milliseconds since 1970 by its writer's clock, if that is known.
    pub written: Option<i64>,
    /// Ends when it has had its effect, if its trace is recorded.
    pub span: Option<FollowedSpan>,
    /// What it says.
    pub content: Content,
}

/// What a record says.
#[derive(Debug)]
pub enum Content {
    /// Something has changed.
    Change(ChangeRecord),
    /// Nothing for Redis to do: every row is about to be published again.
    Resync,
    /// What cannot be read.
    Poison(Box<Poison>),
}

/// A record that no retry gives its effect, with its reason.
#[derive(Debug)]
pub struct Poison {
    /// Its key as it came.
    pub key: Vec<u8>,
    /// Its value as it came.
    pub payload: Vec<u8>,
    /// Its headers as they came.
    pub headers: OwnedHeaders,
    /// Why it cannot have its effect.
    pub reason: String,
    /// The trace that it belongs to.
    pub parent: Option<Traceparent>,
}

impl Received {
    /// Reads a record. Whatever cannot be read is poison, never an error.
    pub fn read(message: &BorrowedMessage<'_>) -> Self {
        Self {
            partition: message.partition(),
            offset: message.offset(),
            written: message.timestamp().to_millis(),
            span: span(message),
            content: Content::read(message),
        }
    }
}

impl Content {
    fn read(message: &BorrowedMessage<'_>) -> Self {
        if is_resync(message) {
            return Self::Resync;
        }
        let payload = message.payload().unwrap_or_default();
        match serde_json::from_slice(payload) {
            Ok(change) => Self::Change(change),
            Err(error) => Self::Poison(Box::new(Poison {
                key: message.key().unwrap_or_default().to_vec(),
                payload: payload.to_vec(),
                headers: message.headers().map(BorrowedHeaders::detach).unwrap_or_default(),
                reason: format!("not a change record: {error}"),
                parent: parent(message),
            })),
        }
    }
}

impl Poison {
    /// A change that Redis refuses for good.
    pub fn refused(change: &ChangeRecord, reason: String) -> Self {
        Self {
            key: change.key().into_bytes(),
            payload: serde_json::to_vec(change)
                .expect("a change record has only numbers, names and an id, which are all JSON"),
            headers: OwnedHeaders::new(),
            reason,
            // Of the records of one entity in a batch only one is left, so its trace may be another's.
            parent: None,
        }
    }
}

fn parent(message: &BorrowedMessage<'_>) -> Option<Traceparent> {
    let header = message.headers()?.iter().find(|each| each.key == header::TRACEPARENT)?;
    Traceparent::parse(str::from_utf8(header.value?).ok()?)
}

fn span(message: &BorrowedMessage<'_>) -> Option<FollowedSpan> {
    let mut span = FollowedSpan::begin(&parent(message)?, "raise floor", SpanKind::Consumer)?;
    span.set("messaging.system", "kafka");
    span.set("messaging.destination.name", TOPIC);
    if let Some(key) = message.key().and_then(|key| str::from_utf8(key).ok()) {
        span.set("vitrina.entity", key.to_owned());
    }
    Some(span)
}

fn is_resync(message: &BorrowedMessage<'_>) -> bool {
    message.headers().is_some_and(|headers| {
        headers
            .iter()
            .any(|each| each.key == header::TYPE && each.value == Some(RESYNC_STARTED.as_bytes()))
    })
}
