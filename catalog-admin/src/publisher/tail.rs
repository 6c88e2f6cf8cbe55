//! The last records of the feed: they tell of the greatest epoch that consumers have seen.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use catalog_core::freshness::Epoch;
use rdkafka::{
    ClientConfig, Message as _, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
    error::{KafkaError, RDKafkaErrorCode},
};
use serde::Deserialize;

use super::error::PublishError;

/// How many of a partition's last records are read: not every one must be of ours.
const RECORDS: i64 = 10;
/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(10);

/// What every record of ours has.
#[derive(Deserialize)]
struct Record {
    epoch: Epoch,
}

/// The greatest epoch among the last records of each partition; none where there are none.
pub(super) async fn greatest_epoch(
    mut config: ClientConfig,
    topic: String,
    partitions: i32,
) -> Result<Epoch, PublishError> {
    config
        // Nothing is committed, so no group comes of it.
        .set("group.id", "catalog-admin")
        .set("enable.auto.commit", "false")
        .set("enable.partition.eof", "true")
        .set("fetch.wait.max.ms", "10");
    let read = move || read(&config.create()?, &topic, partitions);
    Ok(tokio::task::spawn_blocking(read).await??)
}

fn read(consumer: &BaseConsumer, topic: &str, partitions: i32) -> Result<Epoch, KafkaError> {
    let deadline = Instant::now() + LIMIT;
    let left = || deadline.saturating_duration_since(Instant::now());
    let mut tail = TopicPartitionList::new();
    let mut unread = BTreeSet::new();
    for partition in 0..partitions {
        let (first, end) = consumer.fetch_watermarks(topic, partition, left())?;
        if first < end {
            let from = Offset::Offset((end - RECORDS).max(first));
            tail.add_partition_offset(topic, partition, from)?;
            unread.insert(partition);
        }
    }
    consumer.assign(&tail)?;
    let mut greatest = Epoch::NONE;
    while !unread.is_empty() {
        match consumer.poll(left()) {
            Some(Ok(message)) => {
                let record =
                    serde_json::from_slice::<Record>(message.payload().unwrap_or_default());
                greatest = record.map_or(greatest, |record| greatest.max(record.epoch));
            }
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                unread.remove(&partition);
            }
            Some(Err(error)) => return Err(error),
            None => {
                return Err(KafkaError::MessageConsumption(RDKafkaErrorCode::OperationTimedOut));
            }
        }
    }
    Ok(greatest)
}
