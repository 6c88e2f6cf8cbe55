//! Kafka: the topic, and the records in it.

use std::time::Duration;

use catalog_core::{
    contract::change::{CHANGED, RESYNC_KEY, RESYNC_STARTED, ResyncReason, ResyncRecord, TOPIC},
    freshness::Epoch,
};
use jiff::Timestamp;
use rdkafka::{
    ClientConfig,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    error::{KafkaError, RDKafkaErrorCode},
    producer::{FutureProducer, FutureRecord, Producer as _, future_producer::DeliveryFuture},
};
use service_kit::{settings::KafkaSettings, telemetry::Traceparent};

use super::{change::Change, error::PublishError, headers, settings::PublisherSettings, tail};

const RETENTION: Duration = Duration::from_hours(24);
/// How long Kafka may take to make the topic, or to describe it.
const LIMIT: Duration = Duration::from_secs(10);

/// The topic of changes.
pub(super) struct Feed {
    /// Always there until the feed is dropped.
    producer: Option<FutureProducer>,
    topic: String,
    partitions: i32,
    /// The greatest epoch that the topic told of when it was connected to.
    pub(super) epoch: Epoch,
}

impl Feed {
    /// Connects, and makes the topic when it is not there.
    pub(super) async fn connect(
        kafka: &KafkaSettings,
        settings: &PublisherSettings,
    ) -> Result<Self, PublishError> {
        let config = producer_config(kafka, settings.delivery_timeout);
        let topic = kafka.topic(TOPIC);
        make_topic(&config, &topic, settings.partitions).await?;
        let producer: FutureProducer = config.create()?;
        let partitions = count_partitions(producer.clone(), topic.clone()).await?;
        let epoch = tail::greatest_epoch(consumer_config(kafka), topic.clone(), partitions).await?;
        Ok(Self { producer: Some(producer), topic, partitions, epoch })
    }

    /// Sends a change. What comes back resolves when Kafka has acknowledged it, or given up.
    pub(super) fn publish(
        &self,
        epoch: Epoch,
        change: &Change,
        traceparent: Option<&Traceparent>,
    ) -> Result<Delivery, KafkaError> {
        let record = change.record(epoch);
        let headers = headers::of(CHANGED, &record.event_id(), Timestamp::now(), traceparent);
        let key = record.key();
        let value = json(&record);
        self.send(FutureRecord::to(&self.topic).key(&*key).payload(&value).headers(headers))
    }

    /// Says on every partition that all rows are about to be published again.
    pub(super) fn announce(&self, record: ResyncRecord) -> Result<Vec<Delivery>, KafkaError> {
        let value = json(&record);
        let reason = match record.reason {
            ResyncReason::NewEpoch => "new_epoch",
            ResyncReason::LostSlot => "lost_slot",
        };
        let now = Timestamp::now();
        let to_partition = |partition| {
            // The time tells one loss of the slot from another in the same epoch.
            let id =
                format!("{}-resync-{reason}-{}-{partition}", record.epoch, now.as_microsecond());
            let headers = headers::of(RESYNC_STARTED, &id, now, None);
            let record = FutureRecord::to(&self.topic).partition(partition).key(RESYNC_KEY);
            self.send(record.payload(&value).headers(headers))
        };
        (0..self.partitions).map(to_partition).collect()
    }

    fn send(&self, record: FutureRecord<'_, str, Vec<u8>>) -> Result<Delivery, KafkaError> {
        let producer = self.producer.as_ref().expect("it is taken by the drop only");
        producer.send_result(record).map(Delivery).map_err(|(error, _)| error)
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // Throws away what is in flight and waits for the client's threads, so not on the runtime's.
        let producer = self.producer.take();
        std::thread::spawn(move || drop(producer));
    }
}

/// A record that Kafka has not acknowledged yet.
pub(super) struct Delivery(DeliveryFuture);

impl Delivery {
    /// Waits until it has been acknowledged.
    pub(super) async fn acknowledged(self) -> Result<(), PublishError> {
        match self.0.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err((error, _))) => Err(error.into()),
            Err(_) => Err(PublishError::Unacknowledged),
        }
    }
}

fn json(record: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(record).expect("records have only numbers, texts and string keys")
}

fn consumer_config(kafka: &KafkaSettings) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", kafka.bootstrap_servers()).set("client.id", "catalog-admin");
    config
}

fn producer_config(kafka: &KafkaSettings, delivery_timeout: Duration) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", kafka.bootstrap_servers())
        .set("client.id", "catalog-admin")
        // Nothing is lost, doubled by a retry, or overtaken on its way.
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("linger.ms", "1")
        // As Kafka's own client places keys, so that a stream joined by key finds its partition.
        .set("partitioner", "murmur2_random")
        .set("message.timeout.ms", delivery_timeout.as_millis().to_string())
        .set("request.timeout.ms", "10000")
        .set("socket.timeout.ms", "10000")
        .set("socket.keepalive.enable", "true")
        .set("reconnect.backoff.ms", "50")
        .set("reconnect.backoff.max.ms", "1000");
    config
}

async fn make_topic(
    config: &ClientConfig,
    topic: &str,
    partitions: i32,
) -> Result<(), PublishError> {
    let admin: AdminClient<DefaultClientContext> = config.create()?;
    let retention = RETENTION.as_millis().to_string();
    // As many replicas as the brokers are set to make.
    let topic = NewTopic::new(topic, partitions, TopicReplication::Fixed(-1))
        .set("retention.ms", &retention)
        .set("cleanup.policy", "delete");
    let options = AdminOptions::new().request_timeout(Some(LIMIT)).operation_timeout(Some(LIMIT));
    for made in admin.create_topics([&topic], &options).await? {
        match made {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((_, code)) => return Err(KafkaError::AdminOp(code).into()),
        }
    }
    Ok(())
}

async fn count_partitions(producer: FutureProducer, topic: String) -> Result<i32, PublishError> {
    let name = topic.clone();
    let ask = move || producer.client().fetch_metadata(Some(&name), LIMIT);
    let metadata = tokio::task::spawn_blocking(ask).await??;
    let partitions = metadata.topics().first().map_or(0, |topic| topic.partitions().len());
    match i32::try_from(partitions) {
        Ok(count @ 1..) => Ok(count),
        _ => Err(PublishError::NoTopic(topic)),
    }
}
