//! Membership of the consumer group.

use std::collections::HashMap;

use catalog_core::contract::change::TOPIC;
use metrics::gauge;
use rdkafka::{
    ClientContext, Statistics, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _, ConsumerContext, Rebalance, StreamConsumer},
    error::{KafkaError, KafkaResult, RDKafkaErrorCode},
};
use service_kit::{health::Condition, settings::KafkaSettings};

use crate::{metrics::LAG, settings::ConsumerSettings};

use super::Received;

/// One member of the group, following `catalog.changes.v1`.
pub struct Group {
    consumer: StreamConsumer<Membership>,
    topic: String,
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl Group {
    /// Joins the group. `joined` is met once the group has given this member its share, which may
    /// be empty when there are more members than partitions.
    pub fn join(
        kafka: &KafkaSettings,
        settings: &ConsumerSettings,
        joined: Condition,
    ) -> KafkaResult<Self> {
        let consumer: StreamConsumer<Membership> = rdkafka::ClientConfig::new()
            .set("bootstrap.servers", kafka.bootstrap_servers())
            .set("client.id", "cache-invalidator")
            .set("group.id", &settings.group)
            .set("partition.assignment.strategy", "cooperative-sticky")
            // A new group begins with all that the topic still holds: raising a floor again is
            // harmless, missing one leaves an old body in Redis until a reader rejects it.
            .set("auto.offset.reset", "earliest")
            // What is committed in the background is only what `acknowledge` has stored.
            .set("enable.auto.offset.store", "false")
            .set("auto.commit.interval.ms", "1000")
            .set("session.timeout.ms", "10000")
            .set("queued.max.messages.kbytes", "8192")
            .set("allow.auto.create.topics", "false")
            .set("topic.metadata.refresh.interval.ms", "5000")
            // Of these, the lag is shown.
            .set("statistics.interval.ms", "5000")
            .create_with_context(Membership { joined })?;
        let topic = kafka.topic(TOPIC);
        consumer.subscribe(&[&topic])?;
        Ok(Self { consumer, topic })
    }

    /// The next record.
    pub async fn receive(&self) -> KafkaResult<Received> {
        self.consumer.recv().await.map(|message| Received::read(&message))
    }

    /// Lets the offsets up to and including these be committed.
    pub fn acknowledge(&self, offsets: &HashMap<i32, i64>) -> KafkaResult<()> {
        for (partition, offset) in offsets {
            match self.consumer.store_offset(&self.topic, *partition, *offset) {
                // The partition has meanwhile been given to another member, which will do the same
                // work again and harm nothing; or it is there no more.
                Err(KafkaError::StoreOffset(
                    RDKafkaErrorCode::State | RDKafkaErrorCode::UnknownPartition,
                )) => {}
                other => other?,
            }
        }
        Ok(())
    }

    /// Takes no more records for now, while staying a member: a member that does not ask for records
    /// is taken for dead.
    pub fn pause(&self) -> KafkaResult<()> {
        self.consumer.pause(&self.consumer.assignment()?)
    }

    /// Takes records again.
    pub fn resume(&self) -> KafkaResult<()> {
        self.consumer.resume(&self.consumer.assignment()?)
    }
}

/// Notes that the group has taken this member in.
struct Membership {
    joined: Condition,
}

impl ClientContext for Membership {
    fn stats(&self, statistics: Statistics) {
        let partitions = statistics.topics.values().flat_map(|topic| topic.partitions.values());
        // -1 of those that are another member's.
        let lag: i64 = partitions.map(|partition| partition.consumer_lag.max(0)).sum();
        gauge!(LAG).set(u32::try_from(lag).unwrap_or(u32::MAX));
    }
}

impl ConsumerContext for Membership {
    fn post_rebalance(&self, _consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(partitions) => {
                tracing::info!(kafka.partitions = describe(partitions), "partitions assigned");
                self.joined.met();
            }
            Rebalance::Revoke(partitions) => {
                tracing::info!(kafka.partitions = describe(partitions), "partitions revoked");
            }
            Rebalance::Error(error) => {
                tracing::warn!(error.message = %error, "the group could not be rebalanced");
            }
        }
    }
}

fn describe(partitions: &TopicPartitionList) -> String {
    let numbers: Vec<_> =
        partitions.elements().iter().map(|each| each.partition().to_string()).collect();
    numbers.join(",")
}

#[cfg(test)]
mod tests {
    use service_kit::health::Readiness;

    use super::*;

    #[tokio::test]
    async fn an_offset_of_a_partition_that_is_gone_ends_nothing() {
        let kafka =
            KafkaSettings { brokers: vec!["127.0.0.1:1".to_owned()], topic_prefix: String::new() };
        let joined = Readiness::new().condition("consumer-group");
        let group = Group::join(&kafka, &ConsumerSettings::default(), joined).unwrap();
        group.acknowledge(&HashMap::from([(7, 1)])).unwrap();
    }
}
