//! The topic of changes as a consumer has it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use catalog_core::{
    contract::change::{CHANGED, ChangeRecord, ResyncRecord, TOPIC, header},
    freshness::Version,
    key::EntityKey,
};
use devstack::Isolated;
use rdkafka::{
    ClientConfig, Message as _, Offset, TopicPartitionList,
    consumer::{Consumer as _, StreamConsumer},
    message::{BorrowedMessage, Headers as _},
};
use tokio::time::{Instant, timeout};

use crate::publisher_rig::{DEADLINE, eventually};

/// One record as a consumer has it.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) partition: i32,
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) headers: BTreeMap<String, String>,
}

impl Record {
    pub(crate) fn change(&self) -> Option<ChangeRecord> {
        let kind = self.headers.get(header::TYPE)?;
        (kind == CHANGED).then(|| serde_json::from_str(&self.value).unwrap())
    }

    pub(crate) fn resync(&self) -> Option<ResyncRecord> {
        self.change().is_none().then(|| serde_json::from_str(&self.value).unwrap())
    }

    fn of(message: &BorrowedMessage<'_>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let headers = message.headers().unwrap().iter();
        Self {
            partition: message.partition(),
            key: text(message.key().unwrap()),
            value: text(message.payload().unwrap()),
            headers: headers
                .map(|header| (header.key.to_owned(), text(header.value.unwrap())))
                .collect(),
        }
    }
}

/// The topic from its beginning.
pub(crate) struct Topic {
    consumer: StreamConsumer,
    pub(crate) partitions: i32,
    /// All that has been read.
    pub(crate) seen: Vec<Record>,
}

impl Topic {
    /// Waits until somebody has made the topic.
    pub(crate) async fn open(here: &Isolated) -> Self {
        let consumer: StreamConsumer = ClientConfig::new()
            .set("bootstrap.servers", &here.kafka_brokers)
            .set("group.id", &here.group)
            .set("enable.auto.commit", "false")
            .set("reconnect.backoff.max.ms", "500")
            .create()
            .unwrap();
        let name = format!("{}{TOPIC}", here.topic_prefix);
        let mut partitions = 0;
        eventually("the topic is there", async || {
            partitions = count_partitions(&consumer, &name);
            partitions > 0
        })
        .await;
        let mut all = TopicPartitionList::new();
        for partition in 0..partitions {
            all.add_partition_offset(&name, partition, Offset::Beginning).unwrap();
        }
        consumer.assign(&all).unwrap();
        Self { consumer, partitions, seen: Vec::new() }
    }

    /// Reads until the records satisfy the condition.
    pub(crate) async fn read_until(
        &mut self,
        what: &str,
        mut condition: impl FnMut(&[Record]) -> bool,
    ) {
        let deadline = Instant::now() + DEADLINE;
        while !condition(&self.seen) {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(received) = timeout(left, self.consumer.recv()).await else {
                panic!("never: {what}; {} seen, last {:#?}", self.seen.len(), self.newest());
            };
            // Otherwise a broker is away for a while.
            if let Ok(message) = received {
                self.seen.push(Record::of(&message));
            }
        }
    }

    /// Reads until the thing has that version.
    pub(crate) async fn read_version(&mut self, entity: EntityKey, version: u64) {
        let what = format!("{entity} at version {version}");
        self.read_until(&what, |seen| versions(seen, entity).contains(&Version(version))).await;
    }

    /// Reads until every version up to `last` has come, in whatever order and however often.
    pub(crate) async fn read_all_versions(&mut self, entity: EntityKey, last: u64) {
        let all = (1..=last).map(Version).collect();
        self.read_until(&format!("{entity} at every version to {last}"), |seen| {
            versions(seen, entity).into_iter().collect::<BTreeSet<_>>().is_superset(&all)
        })
        .await;
    }

    /// What is worth telling when something was not seen.
    fn newest(&self) -> Vec<&str> {
        self.seen.iter().rev().take(5).map(|record| &*record.value).collect()
    }

    pub(crate) fn versions(&self, entity: EntityKey) -> Vec<Version> {
        versions(&self.seen, entity)
    }

    pub(crate) fn resyncs(&self) -> Vec<ResyncRecord> {
        self.seen.iter().filter_map(Record::resync).collect()
    }
}

fn count_partitions(consumer: &StreamConsumer, topic: &str) -> i32 {
    let metadata = consumer.fetch_metadata(None, Duration::from_secs(5)).unwrap();
    let found = metadata.topics().iter().find(|found| found.name() == topic);
    found.map_or(0, |topic| i32::try_from(topic.partitions().len()).unwrap())
}

/// The versions of one thing, in the order of its records.
pub(crate) fn versions(records: &[Record], entity: EntityKey) -> Vec<Version> {
    let changes = records.iter().filter_map(Record::change);
    changes.filter(|change| change.entity() == entity).map(|change| change.version).collect()
}
