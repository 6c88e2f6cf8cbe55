//! Where records go that cannot have their effect: a topic of their own, each with its reason, so
//! that one of them neither stops the others nor is lost.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use catalog_core::contract::change::{PARKED_TOPIC, header};
use rdkafka::{
    ClientConfig,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    error::{KafkaError, RDKafkaErrorCode},
    message::{Header, OwnedHeaders},
    producer::{FutureProducer, FutureRecord},
};
use service_kit::settings::KafkaSettings;

use super::Poison;

const TIMEOUT: Duration = Duration::from_secs(10);
/// People look at what is parked, and not at once.
const RETENTION: Duration = Duration::from_hours(30 * 24);

/// The parking topic's producer.
pub struct Park {
    config: ClientConfig,
    producer: FutureProducer,
    topic: String,
    /// Whether the topic has been seen to be there.
    made: AtomicBool,
}

/// What became of a record to park.
#[derive(Debug)]
pub enum Parked {
    /// Kafka has it as it came.
    Whole,
    /// Kafka has the beginning of it: all of it, with the reason, is more than Kafka takes.
    Cut,
    /// Kafka will never take it.
    Nowhere(KafkaError),
}

impl std::fmt::Debug for Park {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Park").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl Park {
    /// A producer that waits for every in-sync replica.
    pub fn new(settings: &KafkaSettings) -> Result<Self, KafkaError> {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", settings.bootstrap_servers())
            .set("client.id", "cache-invalidator")
            .set("enable.idempotence", "true")
            .set("message.timeout.ms", TIMEOUT.as_millis().to_string())
            // A topic that is not there is told before the time of the message is over.
            .set("topic.metadata.propagation.max.ms", "5000")
            // The broker decides what is too large, as it did for the record that is parked.
            .set("message.max.bytes", "10000000");
        Ok(Self {
            producer: config.create()?,
            config,
            topic: settings.topic(PARKED_TOPIC),
            made: AtomicBool::new(false),
        })
    }

    /// Parks a record as it came, with the reason in a header, or the beginning of one that is too
    /// large for that. Returns when Kafka has it or says that it never will; an error means that
    /// another try may succeed.
    pub async fn park(&self, poison: &Poison) -> Result<Parked, KafkaError> {
        self.make_topic().await;
        match self.send(poison).await {
            Err(error) if is_lasting(&error) => {}
            sent => return sent.map(|()| Parked::Whole),
        }
        match self.send(&poison.cut()).await {
            Err(error) if is_lasting(&error) => Ok(Parked::Nowhere(error)),
            sent => sent.map(|()| Parked::Cut),
        }
    }

    async fn send(&self, poison: &Poison) -> Result<(), KafkaError> {
        let headers = poison
            .headers
            .clone()
            .insert(Header { key: header::PARKED_REASON, value: Some(&poison.reason) });
        let record = FutureRecord::to(&self.topic)
            .key(&poison.key)
            .payload(&poison.payload)
            .headers(headers);
        self.producer.send(record, TIMEOUT).await.map(|_| ()).map_err(|(error, _)| {
            // Perhaps the topic has been removed.
            self.made.store(false, Ordering::Relaxed);
            error
        })
    }

    /// Makes the topic, once. Whoever may not make topics has one made by others, or fails to send.
    async fn make_topic(&self) {
        if self.made.load(Ordering::Relaxed) {
            return;
        }
        match make_topic(&self.config, &self.topic).await {
            Ok(()) => self.made.store(true, Ordering::Relaxed),
            Err(error) => {
                tracing::warn!(error.message = %error, "the parking topic cannot be made");
            }
        }
    }
}

async fn make_topic(config: &ClientConfig, topic: &str) -> Result<(), KafkaError> {
    let admin: AdminClient<DefaultClientContext> = config.create()?;
    let retention = RETENTION.as_millis().to_string();
    // As many replicas as the brokers are set to make. Where brokers compact by default, records without a
    // key would be refused, and those with one lost.
    let topic = NewTopic::new(topic, 1, TopicReplication::Fixed(-1))
        .set("cleanup.policy", "delete")
        .set("retention.ms", &retention);
    let options =
        AdminOptions::new().request_timeout(Some(TIMEOUT)).operation_timeout(Some(TIMEOUT));
    for made in admin.create_topics([&topic], &options).await? {
        match made {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((_, code)) => return Err(KafkaError::AdminOp(code)),
        }
    }
    Ok(())
}

/// Whether Kafka would refuse the same record again: it is too large or not allowed, or there is no
/// topic for it and none that we may make. Waiting for that would hold up every other record.
fn is_lasting(error: &KafkaError) -> bool {
    error.rdkafka_error_code().is_some_and(|code| {
        matches!(
            code,
            RDKafkaErrorCode::MessageSizeTooLarge
                | RDKafkaErrorCode::InvalidMessage
                | RDKafkaErrorCode::InvalidMessageSize
                | RDKafkaErrorCode::MessageBatchTooLarge
                | RDKafkaErrorCode::InvalidRecord
                | RDKafkaErrorCode::PolicyViolation
                | RDKafkaErrorCode::UnknownTopic
                | RDKafkaErrorCode::UnknownTopicOrPartition
                | RDKafkaErrorCode::TopicAuthorizationFailed
        )
    })
}

impl Poison {
    /// The beginning of it, which is small whatever it was.
    fn cut(&self) -> Self {
        let cut = |bytes: &[u8], length| bytes[..bytes.len().min(length)].to_vec();
        Self {
            key: cut(&self.key, 1_000),
            payload: cut(&self.payload, 10_000),
            headers: OwnedHeaders::new(),
            reason: self.reason.chars().take(1_000).collect(),
            parent: self.parent.clone(),
        }
    }
}
