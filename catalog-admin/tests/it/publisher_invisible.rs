//! A change that the log tells of before the primary shows it.

use catalog_core::{
    contract::change::{ResyncReason, ResyncRecord},
    freshness::Version,
};
use devstack::TestStack;
use tokio_postgres::Client;

use crate::{
    publisher_resync::read_resync,
    publisher_rig::{
        Running, add_product, begin_epoch, connect, eventually, touch, wait_written_down,
    },
    publisher_topic::{Record, Topic},
};

/// Lets commits wait for a standby of that name; for none when it is empty.
async fn wait_for_standby(db: &Client, url: &str, name: &str) {
    let set = format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'");
    db.batch_execute(&set).await.unwrap();
    db.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    eventually("new sessions know it", async || {
        let session = connect(url).await;
        let row = session.query_one("SHOW synchronous_standby_names", &[]).await.unwrap();
        row.get::<_, String>(0) == name
    })
    .await;
}

#[tokio::test]
async fn what_was_published_before_an_epoch_and_seen_after_it_is_published_in_it() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    let first = begin_epoch(&here).await;
    let db = connect(&here.primary.superuser).await;
    let product = add_product(&db, "wool-sock").await;
    let _publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    wait_written_down(&db, &here.slot, first).await;

    // The commit is in the log and is published; nobody can see it until the standby has it.
    wait_for_standby(&db, &here.primary.superuser, "nobody").await;
    let writer = connect(&here.primary.admin).await;
    let waiting = tokio::spawn(async move { touch(&writer, product).await });
    topic.read_version(product, 2).await;
    let seen = "SELECT version FROM version WHERE kind = 'product' AND id = $1";
    let seen: i64 = db.query_one(seen, &[&product.id]).await.unwrap().get(0);
    assert_eq!(seen, 1);

    // Its beginning waits for nobody, and every row is published again as it is seen now.
    let second = begin_epoch(&here).await;
    read_resync(&mut topic, &db, ResyncRecord { epoch: second, reason: ResyncReason::NewEpoch })
        .await;
    wait_for_standby(&db, &here.primary.superuser, "").await;
    waiting.await.unwrap();
    topic
        .read_until("the change in the new epoch", |seen| {
            let mut changes = seen.iter().filter_map(Record::change);
            changes.any(|c| (c.entity(), c.epoch, c.version) == (product, second, Version(2)))
        })
        .await;
}
