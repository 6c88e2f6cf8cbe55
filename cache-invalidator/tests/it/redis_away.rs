//! While Redis is away nothing is acknowledged, and nothing is lost.

use std::time::Duration;

use catalog_core::contract::change::TOPIC;
use devstack::{Component, TestStack};
use rdkafka::{
    ClientConfig, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
};

use crate::support::{Here, PARTITIONS, change, eventually, product};

/// How many records of the topic the group has committed.
fn committed(here: &Here) -> i64 {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &here.isolated.kafka_brokers)
        .set("group.id", &here.isolated.group)
        .create()
        .unwrap();
    let mut partitions = TopicPartitionList::new();
    partitions.add_partition_range(&here.topic(TOPIC), 0, PARTITIONS - 1);
    let offsets = consumer.committed_offsets(partitions, Duration::from_secs(10)).unwrap();
    offsets.elements().iter().filter_map(|each| each.offset().to_raw()).filter(|it| *it > 0).sum()
}

/// How often a batch has been tried again, in this process.
fn retries() -> Option<u64> {
    let text = service_kit::telemetry::metrics().render();
    let line = text.lines().find(|line| line.starts_with("vitrina_change_batch_retries_total "))?;
    line.split_whitespace().last()?.parse().ok()
}

#[tokio::test]
async fn offsets_are_committed_only_after_the_effect() {
    let stack = Box::pin(TestStack::own()).await.unwrap();
    let here = Here::new(stack.isolated().await.unwrap()).await;
    let member = here.start().await;
    let (before, during) = (change(product(), 5, 2), change(product(), 5, 2));
    here.publish(&before).await;
    here.raised(&before).await;
    eventually("the first commit", || async { (committed(&here) == 1).then_some(()) }).await;

    stack.kill(Component::Redis).await;
    let tried = retries().unwrap_or(0);
    here.publish(&during).await;
    eventually("a second try", || async { retries().filter(|now| *now >= tried + 2) }).await;
    // Leaving the group commits all that has been acknowledged.
    member.end().await;
    assert_eq!(committed(&here), 1);

    stack.start(Component::Redis).await.unwrap();
    let again = here.reconnected().await;
    let member = again.start().await;
    again.raised(&during).await;
    member.end().await;
    assert_eq!(committed(&again), 2);
}
