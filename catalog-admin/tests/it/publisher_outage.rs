//! Kafka or the primary goes away and comes back: everything arrives.

use catalog_core::freshness::Version;
use devstack::{Component, TestStack};

use crate::publisher_rig::{
    Running, Topic, add_product, begin_epoch, connect, eventually, holder, primary, touch,
};

/// Every version from the first to the last was published, whatever came twice.
fn assert_complete(topic: &Topic, product: catalog_core::key::EntityKey, last: u64) {
    let mut told = topic.versions(product);
    told.sort();
    told.dedup();
    assert_eq!(told, (1..=last).map(Version).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_was_written_while_kafka_was_away_arrives() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    begin_epoch(&here).await;
    let db = connect(&here.primary.superuser).await;
    let product = add_product(&db, "wool-sock").await;
    let _publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;

    stack.kill(Component::Kafka).await;
    let before = holder(&db, &here.slot).await;
    for _ in 0..100 {
        touch(&db, product).await;
    }
    // The stream outlives the time after which the server ends one that does not answer.
    let silent = "SELECT clock_timestamp() - $1::timestamptz > interval '8 s'";
    let since: jiff::Timestamp = db.query_one("SELECT now()", &[]).await.unwrap().get(0);
    eventually("eight seconds have passed", async || {
        db.query_one(silent, &[&since]).await.unwrap().get(0)
    })
    .await;
    assert!(before.is_some());
    assert_eq!(holder(&db, &here.slot).await, before, "the same session went on");

    stack.start(Component::Kafka).await.unwrap();
    topic.read_version(product, 101).await;
    assert_complete(&topic, product, 101);
}

#[tokio::test]
async fn a_publisher_that_starts_without_kafka_leaves_the_slot_to_others() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    begin_epoch(&here).await;
    let db = connect(&here.primary.superuser).await;
    stack.kill(Component::Kafka).await;
    let _publisher = Running::start(&here);
    eventually("the slot has been made", async || {
        const SQL: &str = "SELECT 1 FROM pg_replication_slots WHERE slot_name = $1";
        db.query_opt(SQL, &[&here.slot]).await.unwrap().is_some()
    })
    .await;
    let product = add_product(&db, "wool-sock").await;
    assert_eq!(holder(&db, &here.slot).await, None);
    stack.start(Component::Kafka).await.unwrap();
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;
    assert!(holder(&db, &here.slot).await.is_some());
}

#[tokio::test]
async fn a_crash_of_the_primary_loses_nothing_and_begins_a_greater_epoch() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    let first = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let product = add_product(&db, "wool-sock").await;
    let _publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;
    for _ in 0..50 {
        touch(&db, product).await;
    }
    stack.kill(Component::Primary).await;
    stack.start(Component::Primary).await.unwrap();

    let db = connect(&here.primary.admin).await;
    let vouching = "SELECT count(*) FROM incarnation";
    assert_eq!(db.query_one(vouching, &[]).await.unwrap().get::<_, i64>(0), 0);
    let beat = crate::epoch::Beating::start(&primary(&here));
    touch(&db, product).await;
    topic.read_version(product, 52).await;
    topic
        .read_until("a record of a greater epoch", |seen| {
            seen.iter().filter_map(|record| record.change()).any(|change| change.epoch > first)
        })
        .await;
    assert_complete(&topic, product, 52);
    assert_eq!(db.query_one(vouching, &[]).await.unwrap().get::<_, i64>(0), 1);
    drop(beat);
}
