//! Where records go that cannot have their effect: a topic of their own, each with its reason, so
//! that one of them neither stops the others nor is lost.

use std::time::Duration;

use catalog_core::contract::change::{PARKED_TOPIC, header};
use rdkafka::{
    error::KafkaError,
    message::Header,
    producer::{FutureProducer, FutureRecord},
};
use service_kit::settings::KafkaSettings;

use super::Poison;

const TIMEOUT: Duration = Duration::from_secs(10);
/// What a broker takes unless it is told otherwise (`message.max.bytes`), less room for our header.
const LARGEST_PAYLOAD: usize = 1_000_000;

/// The parking topic's producer.
#[derive(Clone)]
pub struct Park {
    producer: FutureProducer,
    topic: String,
}

impl std::fmt::Debug for Park {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Park").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl Park {
    /// A producer that waits for every in-sync replica.
    pub fn new(settings: &KafkaSettings) -> Result<Self, KafkaError> {
        let producer = rdkafka::ClientConfig::new()
            .set("bootstrap.servers", settings.bootstrap_servers())
            .set("client.id", "cache-invalidator")
            .set("enable.idempotence", "true")
            .set("message.timeout.ms", TIMEOUT.as_millis().to_string())
            // The broker decides what is too large, as it did for the record that is parked.
            .set("message.max.bytes", "10000000")
            .create()?;
        Ok(Self { producer, topic: settings.topic(PARKED_TOPIC) })
    }

    /// Parks a record as it came, with the reason in a header; of one as large as a record can be,
    /// the beginning, or it would never be taken with the header. Returns when Kafka has it.
    pub async fn park(&self, poison: &Poison) -> Result<(), KafkaError> {
        let headers = poison
            .headers
            .clone()
            .insert(Header { key: header::PARKED_REASON, value: Some(&poison.reason) });
        let record = FutureRecord::to(&self.topic)
            .key(&poison.key)
            .payload(&poison.payload[..poison.payload.len().min(LARGEST_PAYLOAD)])
            .headers(headers);
        self.producer.send(record, TIMEOUT).await.map(|_| ()).map_err(|(error, _)| error)
    }
}
