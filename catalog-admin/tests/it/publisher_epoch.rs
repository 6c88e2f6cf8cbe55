//! A primary whose epoch is lower than one that the feed has told of gets another above both, even
//! from an admin that has just started.

use catalog_core::{contract::change::TOPIC, freshness::Epoch};
use devstack::{Isolated, TestStack};
use rdkafka::{
    ClientConfig,
    producer::{FutureProducer, FutureRecord},
};
use tokio_postgres::Client;

use crate::{
    publisher_rig::{
        DEADLINE, Running, add_product, begin_epoch, connect, eventually, wait_written_down,
    },
    publisher_topic::Topic,
};

async fn epoch(db: &Client) -> Epoch {
    const SQL: &str = "
        SELECT h.epoch FROM history h JOIN incarnation i ON i.epoch = h.epoch";
    let row = db.query_one(SQL, &[]).await.unwrap();
    Epoch(row.get::<_, i64>(0).cast_unsigned())
}

/// Sends a record without a meaning of ours to every partition.
async fn send_to_all(here: &Isolated, partitions: i32, value: &str) {
    let producer: FutureProducer =
        ClientConfig::new().set("bootstrap.servers", &here.kafka_brokers).create().unwrap();
    let topic = format!("{}{TOPIC}", here.topic_prefix);
    for partition in 0..partitions {
        let record = FutureRecord::<str, str>::to(&topic).partition(partition).payload(value);
        producer.send(record, DEADLINE).await.unwrap();
    }
}

#[tokio::test]
async fn a_primary_that_is_behind_the_feed_gets_an_epoch_above_it() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let first = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let product = add_product(&db, "wool-sock").await;
    let publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;
    wait_written_down(&db, &here.slot, first).await;
    publisher.die().await;
    send_to_all(&here, topic.partitions, "no record of ours").await;

    // An old primary that is not fenced, or a clone of a volume: it vouches for itself.
    let lower = "
        ALTER TABLE history DISABLE TRIGGER history_is_never_lowered;
        UPDATE history SET epoch = epoch - 3600000000;
        UPDATE incarnation SET epoch = epoch - 3600000000;
        ALTER TABLE history ENABLE ALWAYS TRIGGER history_is_never_lowered";
    db.batch_execute(lower).await.unwrap();
    let _next = Running::start(&here);
    eventually("a greater epoch", async || epoch(&db).await > first).await;
    let second = epoch(&db).await;
    wait_written_down(&db, &here.slot, second).await;
    assert_eq!(epoch(&db).await, second, "one is enough");
}

#[tokio::test]
async fn an_epoch_that_no_clock_has_reached_is_not_followed() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let first = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let product = add_product(&db, "wool-sock").await;
    let publisher = Running::start(&here);
    let topic = Topic::open(&here).await;
    wait_written_down(&db, &here.slot, first).await;
    publisher.die().await;
    send_to_all(&here, topic.partitions, &format!("{{\"epoch\":{}}}", u64::MAX)).await;

    let _next = Running::start(&here);
    let sql = "UPDATE product SET brand = 'B' WHERE id = $1";
    db.execute(sql, &[&product.id]).await.unwrap();
    eventually("the slot is confirmed", async || {
        let sql = "SELECT confirmed_flush_lsn >= $2::text::pg_lsn FROM pg_replication_slots WHERE slot_name = $1";
        let end: String = db.query_one("SELECT pg_current_wal_lsn()::text", &[]).await.unwrap().get(0);
        db.query_one(sql, &[&here.slot, &end]).await.unwrap().get(0)
    })
    .await;
    assert_eq!(epoch(&db).await, first);
}
