//! Looking for a record in a topic.

use std::time::Duration;

use rdkafka::consumer::{Consumer as _, StreamConsumer};
use rdkafka::error::KafkaResult;
use rdkafka::metadata::MetadataTopic;
use rdkafka::{ClientConfig, Message as _, Offset, TopicPartitionList};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::{Error, Result};

const LIMIT: Duration = Duration::from_secs(30);

/// Waits until the topic has a record with such a value, whenever it was sent.
pub async fn wait_for_record(
    brokers: &str,
    topic: &str,
    is_it: impl Fn(&[u8]) -> bool,
) -> Result<()> {
    let told = |detail: String| Error::Kafka { doing: format!("read the topic {topic}"), detail };
    let consumer = from_the_beginning(brokers, topic).await.map_err(told)?;
    timeout(LIMIT, hear(&consumer, is_it)).await.map_err(|_| Error::TimedOut {
        what: format!("a record in the topic {topic}"),
        seconds: LIMIT.as_secs(),
    })
}

/// Waits for a record with such a value.
pub(super) async fn hear(consumer: &StreamConsumer, is_it: impl Fn(&[u8]) -> bool) {
    loop {
        // The client mends by itself whatever else it tells of.
        if let Ok(message) = consumer.recv().await
            && message.payload().is_some_and(&is_it)
        {
            return;
        }
    }
}

/// A consumer, set as catalog-query's is, of all that the topic has and will have in the partitions that there
/// are. The error is told in words.
pub(super) async fn from_the_beginning(
    brokers: &str,
    topic: &str,
) -> std::result::Result<StreamConsumer, String> {
    let (servers, name) = (brokers.to_owned(), topic.to_owned());
    // Asking for the partitions blocks.
    let made = spawn_blocking(move || consumer(&servers, &name)).await;
    made.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

fn consumer(brokers: &str, topic: &str) -> KafkaResult<StreamConsumer> {
    let consumer: StreamConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "devstack")
        .set("enable.auto.commit", "false")
        .set("queued.max.messages.kbytes", "8192")
        .create()?;
    let metadata = consumer.fetch_metadata(Some(topic), LIMIT)?;
    let mut partitions = TopicPartitionList::new();
    for partition in metadata.topics().iter().flat_map(MetadataTopic::partitions) {
        partitions.add_partition_offset(topic, partition.id(), Offset::Beginning)?;
    }
    consumer.assign(&partitions)?;
    Ok(consumer)
}
