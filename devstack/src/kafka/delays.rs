//! How long a record takes from a producer to a consumer, with nothing of ours between them.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::KafkaResult;
use rdkafka::producer::{FutureProducer, FutureRecord};
use tokio::time::{Instant, interval, timeout};

use super::records::{from_the_beginning, hear};
use super::topics::create_topic;
use crate::{Error, Result, secret};

/// How long one record may take, the first one too, which waits for connections.
const LIMIT: Duration = Duration::from_secs(20);

/// From the sending of a record until a consumer has it, for `count` records in a topic of their own, one
/// every `between`. The clients are set as the publisher's and as catalog-query's are.
pub async fn record_delays(brokers: &str, count: u32, between: Duration) -> Result<Vec<Duration>> {
    let topic = format!("devstack.delays.{}", secret::uuid_base64());
    create_topic(brokers, &topic, 1).await?;
    let outcome = measure(brokers, &topic, count, between).await;
    delete(brokers, &topic).await.map_err(|error| told(error.to_string()))?;
    outcome
}

async fn measure(
    brokers: &str,
    topic: &str,
    count: u32,
    between: Duration,
) -> Result<Vec<Duration>> {
    let consumer = from_the_beginning(brokers, topic).await.map_err(told)?;
    let producer = producer(brokers).map_err(|error| told(error.to_string()))?;
    let mut delays = Vec::new();
    let mut ticks = interval(between);
    // The first one waits for the connections too.
    for number in 0..=count {
        ticks.tick().await;
        let payload = number.to_string();
        let record: FutureRecord<'_, str, str> = FutureRecord::to(topic).payload(&payload);
        let sent = Instant::now();
        let delivery =
            producer.send_result(record).map_err(|(error, _)| told(error.to_string()))?;
        let heard = timeout(LIMIT, hear(&consumer, |value| value == payload.as_bytes())).await;
        let late = |_| Error::TimedOut {
            what: "a record's way to a consumer".to_owned(),
            seconds: LIMIT.as_secs(),
        };
        heard.map_err(late)?;
        if number > 0 {
            delays.push(sent.elapsed());
        }
        // It has been heard, so it was delivered.
        drop(delivery);
    }
    Ok(delays)
}

fn producer(brokers: &str) -> KafkaResult<FutureProducer> {
    ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("linger.ms", "1")
        .create()
}

async fn delete(brokers: &str, topic: &str) -> KafkaResult<()> {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", brokers).create()?;
    let options = AdminOptions::new().request_timeout(Some(LIMIT)).operation_timeout(Some(LIMIT));
    admin.delete_topics(&[topic], &options).await?;
    Ok(())
}

fn told(detail: String) -> Error {
    Error::Kafka { doing: "send a record through a topic".to_owned(), detail }
}
