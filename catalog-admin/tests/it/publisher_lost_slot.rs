//! A slot that is gone or was lost is made again, and every row published.

use catalog_admin::store::publisher_slot::{
    PublishedRow, forget_published, keep_published, published,
};
use catalog_core::contract::change::{ResyncReason, ResyncRecord};
use devstack::TestStack;

use crate::{
    publisher_resync::read_resync,
    publisher_rig::{
        Running, add_product, begin_epoch, connect, eventually, holder, touch, wait_written_down,
    },
    publisher_topic::{Record, Topic},
};

/// Reads until two losses have been announced on every partition: the first slot was new too.
async fn read_second_announcement(topic: &mut Topic) {
    let both = usize::try_from(2 * topic.partitions).unwrap();
    topic
        .read_until("a second announcement", |seen| {
            seen.iter().filter_map(Record::resync).count() == both
        })
        .await;
}

#[tokio::test]
async fn a_dropped_slot_is_made_again_and_every_row_published() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let epoch = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let product = add_product(&db, "wool-sock").await;
    let publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    wait_written_down(&db, &here.slot, epoch).await;
    publisher.die().await;
    eventually("the slot can be dropped", async || {
        db.query("SELECT pg_drop_replication_slot($1)", &[&here.slot]).await.is_ok()
    })
    .await;
    // The log has it, but no slot ever will.
    touch(&db, product).await;

    let _next = Running::start(&here);
    topic.read_version(product, 2).await;
    read_second_announcement(&mut topic).await;
    read_resync(&mut topic, &db, ResyncRecord { epoch, reason: ResyncReason::LostSlot }).await;
}

#[tokio::test]
async fn who_published_for_an_older_slot_cannot_say_that_it_did_for_the_new_one() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let epoch = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let older = forget_published(&db, &here.slot).await.unwrap();
    let newer = forget_published(&db, &here.slot).await.unwrap();
    assert!(!keep_published(&db, &here.slot, older, epoch).await.unwrap());
    let known = async || published(&db, &here.slot).await.unwrap().unwrap();
    assert_eq!(known().await, PublishedRow { epoch: None, generation: newer });
    assert!(keep_published(&db, &here.slot, newer, epoch).await.unwrap());
    assert_eq!(known().await.epoch, Some(epoch));
}

#[tokio::test]
async fn a_slot_whose_log_the_server_removed_is_made_again() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    let epoch = begin_epoch(&here).await;
    let db = connect(&here.primary.superuser).await;
    let product = add_product(&db, "wool-sock").await;
    let publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    wait_written_down(&db, &here.slot, epoch).await;
    publisher.die().await;
    eventually("the slot is let go", async || holder(&db, &here.slot).await.is_none()).await;

    db.batch_execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'").await.unwrap();
    db.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    let lost = "SELECT wal_status = 'lost' FROM pg_replication_slots WHERE slot_name = $1";
    eventually("the slot is lost", async || {
        touch(&db, product).await;
        db.batch_execute("SELECT pg_switch_wal()").await.unwrap();
        db.batch_execute("CHECKPOINT").await.unwrap();
        db.query_one(lost, &[&here.slot]).await.unwrap().get(0)
    })
    .await;

    let _next = Running::start(&here);
    read_second_announcement(&mut topic).await;
    read_resync(&mut topic, &db, ResyncRecord { epoch, reason: ResyncReason::LostSlot }).await;
}
