//! Records make an edit visible before the next poll; broken ones are skipped.

use std::time::{Duration, Instant};

use catalog_core::{
    contract::change::{ChangeRecord, TOPIC},
    freshness::{Epoch, Version, Xid},
    key::Kind,
};
use rdkafka::{
    ClientConfig,
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

#[tokio::test(flavor = "multi_thread")]
async fn a_record_shows_an_edit_before_the_next_poll() {
    let stores = devstack::TestStack::shared().unwrap().isolated().await.unwrap();
    stores.create_topic(TOPIC, 3).await.unwrap();
    // Polls every five seconds.
    let here = Here::on(stores, &[("FRESHNESS__BOUND", "40s")]).await;
    let producer: FutureProducer =
        ClientConfig::new().set("bootstrap.servers", &here.stores.kafka_brokers).create().unwrap();
    let topic = format!("{}{TOPIC}", here.stores.topic_prefix);
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    eventually("the topic is followed", async || {
        publish(&producer, &topic, "product:broken", b"{\"epoch\":").await;
        let broken = ["outcome=\"broken\""];
        let skipped = here.service.counted("vitrina_change_records_total", &broken).await;
        (skipped > 0).then_some(())
    })
    .await;
    for edit in 0..5 {
        let version = here.editor.rename(id, &format!("Sock {edit}")).await;
        let record = record(&here, id).await;
        publish(&producer, &topic, &record.key(), &serde_json::to_vec(&record).unwrap()).await;
        let published = Instant::now();
        eventually("the edit shows", async || {
            let answer = here.get(&path).await;
            assert!(answer.status.is_success() && !answer.is_stale());
            (answer.version() >= version).then_some(())
        })
        .await;
        assert!(published.elapsed() < Duration::from_secs(2), "{:?}", published.elapsed());
    }
}
