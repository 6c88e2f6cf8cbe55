//! Records make an edit visible before the next poll; broken ones are skipped.

use std::time::{Duration, Instant};

use catalog_core::{
    contract::change::{ChangeRecord, TOPIC},
    freshness::{Epoch, Version, Xid},
    key::Kind,
};
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewPartitions},
    producer::{FutureProducer, FutureRecord},
};
use uuid::Uuid;

use crate::support::{Here, eventually};

async fn publish(producer: &FutureProducer, topic: &str, key: &str, value: &[u8]) {
    let record = FutureRecord::to(topic).key(key).payload(value);
    producer.send(record, Duration::from_secs(10)).await.unwrap();
}

async fn record(here: &Here, id: Uuid) -> ChangeRecord {
    let row = here
        .editor
        .client
        .query_one(
            "SELECT h.epoch, v.version, v.xid::text FROM history h, version v
             WHERE v.kind = 'product' AND v.id = $1",
            &[&id],
        )
        .await
        .unwrap();
    ChangeRecord {
        epoch: Epoch(u64::try_from(row.get::<_, i64>(0)).unwrap()),
        kind: Kind::Product,
        id,
        version: Version(u64::try_from(row.get::<_, i64>(1)).unwrap()),
        deleted: false,
        xid: row.get::<_, &str>(2).parse::<Xid>().unwrap(),
    }
}

/// A service that follows a topic of so many partitions and polls every five seconds, and a product that
/// it knows.
struct Followed {
    here: Here,
    producer: FutureProducer,
    topic: String,
    product: Uuid,
    path: String,
}

impl Followed {
    async fn new(partitions: i32) -> Self {
        let stores = devstack::TestStack::shared().unwrap().isolated().await.unwrap();
        stores.create_topic(TOPIC, partitions).await.unwrap();
        let here = Here::on(stores, &[("FRESHNESS__BOUND", "40s")]).await;
        let producer = client(&here).create().unwrap();
        let topic = format!("{}{TOPIC}", here.stores.topic_prefix);
        let product = here.editor.product("wool-sock").await;
        let path = format!("/v1/products/{product}");
        here.seen(&path).await;
        let followed = Self { here, producer, topic, product, path };
        eventually("the topic is followed", async || {
            publish(&followed.producer, &followed.topic, "product:broken", b"{\"epoch\":").await;
            (followed.counted("broken").await > 0).then_some(())
        })
        .await;
        followed
    }

    async fn counted(&self, outcome: &str) -> u64 {
        let outcome = format!("outcome=\"{outcome}\"");
        self.here.service.counted("vitrina_change_records_total", &[&outcome]).await
    }

    /// Edits the product; gives the version and the record that tells of it.
    async fn edit(&self, name: &str) -> (u64, String, Vec<u8>) {
        let version = self.here.editor.rename(self.product, name).await;
        let record = record(&self.here, self.product).await;
        (version, record.key(), serde_json::to_vec(&record).unwrap())
    }

    /// Edits, publishes the record, and waits until the edit shows.
    async fn edit_and_tell(&self, name: &str) {
        let (version, key, record) = self.edit(name).await;
        publish(&self.producer, &self.topic, &key, &record).await;
        self.until_shown(version).await;
    }

    async fn until_shown(&self, version: u64) {
        eventually("the edit shows", async || {
            let answer = self.here.get(&self.path).await;
            assert!(answer.status.is_success() && !answer.is_stale());
            (answer.version() >= version).then_some(())
        })
        .await;
    }
}

fn client(here: &Here) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &here.stores.kafka_brokers);
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_shows_an_edit_before_the_next_poll() {
    let followed = Followed::new(3).await;
    for edit in 0..5 {
        let edited = Instant::now();
        followed.edit_and_tell(&format!("Sock {edit}")).await;
        assert!(edited.elapsed() < Duration::from_secs(2), "{:?}", edited.elapsed());
    }
}

/// What the topic holds is deleted under the pod, and the topic gets partitions that the pod does not follow
/// yet: records are only for speed.
#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_is_cut_or_grows_costs_speed_at_the_most() {
    let followed = Followed::new(1).await;
    let admin: AdminClient<_> = client(&followed.here).create().unwrap();
    let options = AdminOptions::new().operation_timeout(Some(Duration::from_secs(10)));
    let mut all = TopicPartitionList::new();
    all.add_partition_offset(&followed.topic, 0, Offset::End).unwrap();
    admin.delete_records(&all, &options).await.unwrap();
    let heard = followed.counted("news").await;
    followed.edit_and_tell("After the cut").await;
    assert!(followed.counted("news").await > heard, "it goes on hearing");

    admin.create_partitions([&NewPartitions::new(&followed.topic, 4)], &options).await.unwrap();
    let (version, key, record) = followed.edit("In another partition").await;
    eventually("the producer knows the new partition", async || {
        // One that has asked for the partitions before does not ask again for a while.
        let producer: FutureProducer = client(&followed.here).create().unwrap();
        let record = FutureRecord::to(&followed.topic).key(&key).payload(&record).partition(3);
        producer.send(record, Duration::from_secs(10)).await.ok()
    })
    .await;
    followed.until_shown(version).await;
}
