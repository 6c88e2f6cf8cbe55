//! Kafka or the primary goes away and comes back: everything arrives.

use std::{collections::BTreeSet, time::Duration};

use catalog_admin::publisher::PublisherSettings;
use devstack::{Component, TestStack};

use crate::{
    publisher_rig::{
        Running, add_product, begin_epoch, connect, eventually, holder, primary, settings, touch,
    },
    publisher_topic::{Record, Topic},
};

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
    // More than may be in flight and wait at the client, so that the log is not read on.
    let many = "INSERT INTO product (id, slug)
        SELECT gen_random_uuid(), 'many-' || n FROM generate_series(1, 20000) n";
    db.execute(many, &[]).await.unwrap();
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
    topic.read_all_versions(product, 101).await;
    let (mut things, mut read) = (BTreeSet::new(), 0);
    topic
        .read_until("all of the great transaction", |seen| {
            things.extend(seen[read..].iter().map(|record| record.key.clone()));
            read = seen.len();
            things.len() >= 40_002
        })
        .await;
}

#[tokio::test]
async fn records_that_kafka_did_not_take_in_time_are_published_again() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    begin_epoch(&here).await;
    let db = connect(&here.primary.superuser).await;
    let product = add_product(&db, "wool-sock").await;
    let delivery_timeout = Duration::from_secs(1);
    let _publisher =
        Running::start_with(&here, &PublisherSettings { delivery_timeout, ..settings(&here) });
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;

    stack.kill(Component::Kafka).await;
    for _ in 0..20 {
        touch(&db, product).await;
    }
    eventually("the slot is let go", async || holder(&db, &here.slot).await.is_none()).await;
    stack.start(Component::Kafka).await.unwrap();
    topic.read_all_versions(product, 21).await;
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
    crate::epoch::wait_valid(&db).await;
    touch(&db, product).await;
    topic.read_version(product, 52).await;
    topic
        .read_until("a record of a greater epoch", |seen| {
            seen.iter().filter_map(Record::change).any(|change| change.epoch > first)
        })
        .await;
    topic.read_all_versions(product, 52).await;
    assert_eq!(db.query_one(vouching, &[]).await.unwrap().get::<_, i64>(0), 1);
    drop(beat);
}
