//! A new epoch or a lost slot publishes every row again, after a record on every partition.

use std::collections::{BTreeMap, BTreeSet};

use catalog_admin::store::publisher_rows::{IdBounds, id_bounds, page, raised_page};
use catalog_core::contract::change::{ResyncReason, ResyncRecord};
use devstack::TestStack;
use tokio_postgres::Client;

use crate::{
    publisher_rig::{
        PARTITIONS, Running, add_product, begin_epoch, connect, touch, wait_written_down,
    },
    publisher_topic::{Record, Topic},
};

/// Every version row of the database as a key with its version.
async fn rows(db: &Client) -> BTreeSet<String> {
    let rows = db.query("SELECT kind || ':' || id || '@' || version FROM version", &[]).await;
    rows.unwrap().iter().map(|row| row.get(0)).collect()
}

/// The changes that follow the last announcement of that resynchronisation on their partition;
/// nothing as long as a partition lacks it.
fn published_after(seen: &[Record], announced: ResyncRecord) -> BTreeSet<String> {
    let mut published = BTreeMap::<i32, BTreeSet<String>>::new();
    for record in seen {
        if record.resync() == Some(announced) {
            published.insert(record.partition, BTreeSet::new());
        }
        if let Some(change) = record.change()
            && let Some(published) = published.get_mut(&record.partition)
        {
            assert_eq!(change.epoch, announced.epoch);
            published.insert(format!("{}@{}", change.key(), change.version));
        }
    }
    if published.len() < PARTITIONS {
        BTreeSet::new()
    } else {
        published.into_values().flatten().collect()
    }
}

/// Reads until the resynchronisation has published every row there is now.
pub(crate) async fn read_resync(topic: &mut Topic, db: &Client, announced: ResyncRecord) {
    let all = rows(db).await;
    topic
        .read_until("every row after its announcement on every partition", |seen| {
            published_after(seen, announced).is_superset(&all)
        })
        .await;
}

#[tokio::test]
async fn a_new_slot_publishes_every_row_and_a_known_one_does_not() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let epoch = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    for n in 0..5 {
        add_product(&db, &format!("before-{n}")).await;
    }
    let publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    assert_eq!(
        usize::try_from(topic.partitions).unwrap(),
        PARTITIONS,
        "those that it was made with"
    );
    let announced = ResyncRecord { epoch, reason: ResyncReason::LostSlot };
    read_resync(&mut topic, &db, announced).await;
    wait_written_down(&db, &here.slot, epoch).await;

    publisher.die().await;
    let unheard = add_product(&db, "while-nobody-published").await;
    let _next = Running::start(&here);
    topic.read_version(unheard, 1).await;
    let later = add_product(&db, "later").await;
    topic.read_version(later, 1).await;
    assert_eq!(topic.resyncs(), vec![announced; PARTITIONS], "nothing was owed to the feed");
}

#[tokio::test]
async fn a_new_epoch_publishes_every_row_again() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let first = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let product = add_product(&db, "wool-sock").await;
    let _publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;
    wait_written_down(&db, &here.slot, first).await;

    let second = begin_epoch(&here).await;
    assert!(second > first);
    read_resync(&mut topic, &db, ResyncRecord { epoch: second, reason: ResyncReason::NewEpoch })
        .await;
    wait_written_down(&db, &here.slot, second).await;
    touch(&db, product).await;
    topic.read_version(product, 2).await;
    let change = topic.seen.iter().rev().find_map(Record::change).unwrap();
    assert_eq!(change.epoch, second, "what comes later is of the new epoch");
}

#[tokio::test]
async fn an_epoch_that_began_while_nobody_published_is_made_good() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let first = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    add_product(&db, "wool-sock").await;
    let publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    wait_written_down(&db, &here.slot, first).await;
    publisher.die().await;

    let second = begin_epoch(&here).await;
    let _next = Running::start(&here);
    read_resync(&mut topic, &db, ResyncRecord { epoch: second, reason: ResyncReason::NewEpoch })
        .await;
}

#[tokio::test]
async fn page_by_page_every_row_is_read_once() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    db.batch_execute(
        "INSERT INTO category (id, slug) SELECT gen_random_uuid(), 'c-' || n FROM generate_series(1, 5) n;
         INSERT INTO product (id, slug) SELECT gen_random_uuid(), 'p-' || n FROM generate_series(1, 5) n",
    )
    .await
    .unwrap();
    for n in 0..5 {
        add_product(&db, &format!("later-{n}")).await;
    }
    let all = rows(&db).await;
    let bounds = IdBounds { horizon: "0".to_owned(), ..id_bounds(&db).await.unwrap() };
    for by_key in [true, false] {
        let (mut read, mut last) = (Vec::new(), None);
        loop {
            let next = if by_key {
                page(&db, last.as_ref(), 3).await.unwrap()
            } else {
                raised_page(&db, &bounds, last.as_ref(), 3).await.unwrap()
            };
            let Some(row) = next.last().cloned() else { break };
            read.extend(next.iter().map(|row| format!("{}:{}@{}", row.kind, row.id, row.version)));
            last = Some(row);
        }
        assert_eq!(read.len(), all.len(), "by key: {by_key}");
        assert_eq!(read.into_iter().collect::<BTreeSet<_>>(), all, "by key: {by_key}");
    }
}

/// What was raised lately may stand together at the end of the key: whoever walked there by the key
/// would read the whole table for a page.
#[tokio::test]
async fn what_was_raised_lately_is_read_without_the_rest() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    db.batch_execute(
        "INSERT INTO product (id, slug)
         SELECT lpad(to_hex(n), 32, '0')::uuid, 'p-' || n FROM generate_series(1, 20000) n",
    )
    .await
    .unwrap();
    let horizon = id_bounds(&db).await.unwrap().next;
    db.batch_execute(
        "UPDATE product SET brand = 'B' WHERE id > lpad(to_hex(18000), 32, '0')::uuid; ANALYZE version",
    )
    .await
    .unwrap();
    let bounds = IdBounds { horizon, next: id_bounds(&db).await.unwrap().next };
    let read = async || -> i64 {
        let sql = "
            SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
            WHERE relname = 'version'";
        db.query_one(sql, &[]).await.unwrap().get(0)
    };
    db.batch_execute("BEGIN").await.unwrap();
    let before = read().await;
    assert_eq!(raised_page(&db, &bounds, None, 100).await.unwrap().len(), 100);
    let many = read().await - before;
    assert!(many < 10_000, "{many} rows were read");
}
