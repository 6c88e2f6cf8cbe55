//! One publishes; when it dies another does, and nothing is lost between them.

use std::time::Duration;

use catalog_admin::publisher::PublisherSettings;
use catalog_core::freshness::Version;
use devstack::TestStack;
use tokio_postgres::Client;

use crate::{
    publisher_rig::{
        Running, add_product, begin_epoch, connect, eventually, holder, settings, touch,
        wait_written_down,
    },
    publisher_topic::Topic,
};

async fn streams(db: &Client) -> i64 {
    const SQL: &str = "
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'walsender'";
    db.query_one(SQL, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn two_publishers_take_turns() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    begin_epoch(&here).await;
    let db = connect(&here.primary.superuser).await;
    let product = add_product(&db, "wool-sock").await;
    let first = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;
    let first_holder = holder(&db, &here.slot).await.unwrap();

    let second = Running::start(&here);
    for version in 2..=20 {
        touch(&db, product).await;
        topic.read_version(product, version).await;
        assert_eq!(holder(&db, &here.slot).await, Some(first_holder));
        assert_eq!(streams(&db).await, 1, "the other does not stream");
    }
    first.die().await;
    touch(&db, product).await;
    eventually("the other holds the slot", async || {
        holder(&db, &here.slot).await.is_some_and(|pid| pid != first_holder)
    })
    .await;
    topic.read_version(product, 21).await;
    drop(second);
}

#[tokio::test]
async fn what_was_not_confirmed_comes_again_and_nothing_is_lost() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let epoch = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let product = add_product(&db, "wool-sock").await;
    // Kafka has the record, and the slot has not been told so.
    let confirm_interval = Duration::from_hours(1);
    let first =
        Running::start_with(&here, &PublisherSettings { confirm_interval, ..settings(&here) });
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;
    wait_written_down(&db, &here.slot, epoch).await;
    touch(&db, product).await;
    topic.read_version(product, 2).await;
    first.die().await;
    touch(&db, product).await;

    let _next = Running::start(&here);
    topic.read_version(product, 3).await;
    let twos = topic.versions(product).iter().filter(|version| **version == Version(2)).count();
    assert!(twos >= 2, "the record that was not confirmed did not come again");
}

#[tokio::test]
async fn dying_again_and_again_loses_nothing() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let product = add_product(&db, "wool-sock").await;
    let mut publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;
    for round in 0..6 {
        for _ in 0..50 {
            touch(&db, product).await;
        }
        publisher.die().await;
        publisher = Running::start(&here);
        // Let it come some way, another one each time.
        topic.read_version(product, 2 + round * 40).await;
    }
    topic.read_all_versions(product, 301).await;
}

#[tokio::test]
async fn the_slot_follows_what_kafka_has_even_when_nothing_changes_here() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let product = add_product(&db, "wool-sock").await;
    let _publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;
    let position = "SELECT pg_current_wal_lsn()::text";
    for table in ["product", "history"] {
        let write = match table {
            "product" => "UPDATE product SET brand = 'Alpaca'",
            _ => "UPDATE history SET beat = beat + 1",
        };
        db.execute(write, &[]).await.unwrap();
        let written: String = db.query_one(position, &[]).await.unwrap().get(0);
        eventually("the slot is confirmed up to there", async || {
            const SQL: &str = "
                SELECT confirmed_flush_lsn >= $2::text::pg_lsn FROM pg_replication_slots
                WHERE slot_name = $1";
            db.query_one(SQL, &[&here.slot, &written]).await.unwrap().get(0)
        })
        .await;
    }
}
