//! What the tests of the publisher and of epochs stand on.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use catalog_admin::{
    epoch::begin_by_hand,
    publisher::{Publisher, PublisherSettings},
};
use catalog_core::{
    contract::change::{CHANGED, ChangeRecord, ResyncRecord, TOPIC, header},
    freshness::{Epoch, Version},
    key::EntityKey,
};
use devstack::Isolated;
use rdkafka::{
    ClientConfig, Message as _, Offset, TopicPartitionList,
    consumer::{Consumer as _, StreamConsumer},
    message::{BorrowedMessage, Headers as _},
};
use service_kit::settings::{KafkaSettings, PoolSettings, PostgresSettings};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_postgres::{Client, NoTls};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long anything may take until it is seen.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Asks until the answer is yes.
pub(crate) async fn eventually(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !condition().await {
        assert!(Instant::now() < deadline, "never: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

pub(crate) fn primary(here: &Isolated) -> PostgresSettings {
    PostgresSettings { url: here.primary.admin.clone().into(), pool: PoolSettings::default() }
}

pub(crate) fn kafka(here: &Isolated) -> KafkaSettings {
    KafkaSettings {
        brokers: vec![here.kafka_brokers.clone()],
        topic_prefix: here.topic_prefix.clone(),
    }
}

pub(crate) async fn begin_epoch(here: &Isolated) -> Epoch {
    begin_by_hand(&primary(here), Epoch::NONE).await.unwrap()
}

pub(crate) fn settings(here: &Isolated) -> PublisherSettings {
    PublisherSettings {
        slot: here.slot.clone(),
        confirm_interval: Duration::from_millis(50),
        ..PublisherSettings::default()
    }
}

/// A publisher that is aborted when this is dropped, as if its process had died.
pub(crate) struct Running(JoinHandle<()>);

impl Running {
    pub(crate) fn start(here: &Isolated) -> Self {
        Self::start_with(here, settings(here))
    }

    pub(crate) fn start_with(here: &Isolated, settings: PublisherSettings) -> Self {
        let publisher = Publisher::new(&primary(here), &kafka(here), &settings).unwrap();
        Self(tokio::spawn(async {
            let Ok(()) = publisher.run(CancellationToken::new()).await;
        }))
    }

    /// Ends it between any two of its steps, and waits until it has ended.
    pub(crate) async fn die(mut self) {
        self.0.abort();
        let _ = (&mut self.0).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Inserts a product; its slug is its name.
pub(crate) async fn add_product(db: &Client, slug: &str) -> EntityKey {
    let id = Uuid::now_v7();
    db.execute("INSERT INTO product (id, slug) VALUES ($1, $2)", &[&id, &slug]).await.unwrap();
    EntityKey::product(id)
}

/// A change of the product, which raises its version.
pub(crate) async fn touch(db: &Client, product: EntityKey) {
    const SQL: &str = "UPDATE product SET updated_at = clock_timestamp() WHERE id = $1";
    assert_eq!(db.execute(SQL, &[&product.id]).await.unwrap(), 1);
}

/// The server process that streams from the slot, if there is one.
pub(crate) async fn holder(db: &Client, slot: &str) -> Option<i32> {
    const SQL: &str = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = $1";
    db.query_opt(SQL, &[&slot]).await.unwrap().and_then(|row| row.get(0))
}

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
            match timeout(left, self.consumer.recv()).await {
                Ok(Ok(message)) => self.seen.push(Record::of(&message)),
                // A broker that is away for a while.
                Ok(Err(_)) => {}
                Err(_) => {
                    panic!("never: {what}; {} seen, last {:#?}", self.seen.len(), self.newest())
                }
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
