//! Whatever writes, the topic has it: per key in commit order, with its versions and its trace.

use std::process::Command;

use catalog_core::{
    contract::change::{TRACEPARENT_MESSAGE, header},
    freshness::Version,
    key::{EntityKey, SlugScope},
};
use devstack::TestStack;

use crate::{
    publisher_rig::{Running, add_product, begin_epoch, connect, touch},
    publisher_topic::{Record, Topic, versions},
};

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn psql(url: &str, sql: &str) {
    let status = Command::new("psql").args([url, "-qc", sql]).status().unwrap();
    assert!(status.success(), "{sql}");
}

#[tokio::test]
async fn what_psql_writes_appears_in_commit_order() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let epoch = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let product = add_product(&db, "wool-sock").await;
    let _publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    topic.read_version(product, 1).await;

    for brand in ["Alpaca", "Merino", "Angora"] {
        psql(&here.primary.admin, &format!("UPDATE product SET brand = '{brand}'"));
    }
    psql(&here.primary.admin, "UPDATE product SET deleted_at = now()");
    topic.read_version(product, 5).await;

    let told = topic.versions(product);
    let from_second = told.iter().filter(|version| **version > Version(1)).copied();
    assert_eq!(from_second.collect::<Vec<_>>(), [2, 3, 4, 5].map(Version));
    let last = topic.seen.iter().filter_map(Record::change).rfind(|r| r.entity() == product);
    let last = last.unwrap();
    assert_eq!((last.epoch, last.deleted), (epoch, true));
    let slug = EntityKey::slug(SlugScope::Product, "wool-sock");
    topic.read_version(slug, 2).await;
    assert!(topic.seen.iter().filter(|record| record.key == slug.to_string()).all(|record| {
        record.partition == topic.seen.iter().find(|r| r.key == record.key).unwrap().partition
    }));
}

#[tokio::test]
async fn a_record_has_the_headers_that_were_agreed() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let epoch = begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let _publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    let product = add_product(&db, "wool-sock").await;
    topic.read_version(product, 1).await;

    let record = topic.seen.iter().find(|record| record.key == product.to_string()).unwrap();
    let id = format!("{epoch}-product-{}-1", product.id);
    for (name, expected) in [
        (header::SPEC_VERSION, "1.0"),
        (header::ID, &*id),
        (header::TYPE, "vitrina.catalog.version.changed.v1"),
        (header::SOURCE, "/vitrina/catalog-admin"),
        (header::CONTENT_TYPE, "application/json"),
    ] {
        assert_eq!(record.headers.get(name).map(String::as_str), Some(expected), "{name}");
    }
    let time: jiff::Timestamp = record.headers[header::TIME].parse().unwrap();
    let age = jiff::Timestamp::now().duration_since(time);
    assert!(age.abs() < jiff::SignedDuration::from_mins(1), "{time}");
    assert!(!record.headers.contains_key(header::TRACEPARENT));
}

#[tokio::test]
async fn one_transaction_tells_of_each_row_once_with_its_trace() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    begin_epoch(&here).await;
    let mut db = connect(&here.primary.admin).await;
    let products = [
        add_product(&db, "sock").await,
        add_product(&db, "hat").await,
        add_product(&db, "scarf").await,
    ];
    let _publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    for product in products {
        topic.read_version(product, 1).await;
    }

    let transaction = db.transaction().await.unwrap();
    transaction.execute("UPDATE product SET brand = 'Alpaca'", &[]).await.unwrap();
    transaction.execute("UPDATE product SET deleted_at = now()", &[]).await.unwrap();
    // Left last, and yet on every record of the transaction.
    transaction
        .execute(
            "SELECT pg_logical_emit_message(true, $1, $2::text)",
            &[&TRACEPARENT_MESSAGE, &TRACEPARENT],
        )
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let untraced = add_product(&db, "glove").await;
    topic.read_version(untraced, 1).await;
    for product in products {
        topic.read_version(product, 2).await;
        let second: Vec<_> = topic
            .seen
            .iter()
            .filter(|record| {
                record.change().is_some_and(|c| c.entity() == product && c.version == Version(2))
            })
            .collect();
        assert_eq!(second.len(), 1, "the row changed twice, the product once");
        assert!(second[0].change().unwrap().deleted);
        assert_eq!(second[0].headers[header::TRACEPARENT], TRACEPARENT);
    }
    let after = topic.seen.iter().find(|record| record.key == untraced.to_string()).unwrap();
    assert!(!after.headers.contains_key(header::TRACEPARENT), "the trace was another's");
}

#[tokio::test]
async fn a_transaction_of_thousands_and_writers_side_by_side_lose_nothing() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    begin_epoch(&here).await;
    let db = connect(&here.primary.admin).await;
    let hot = add_product(&db, "hot").await;
    let _publisher = Running::start(&here);
    let mut topic = Topic::open(&here).await;
    topic.read_version(hot, 1).await;

    let many = "INSERT INTO product (id, slug)
        SELECT md5(n::text)::uuid, 'many-' || n FROM generate_series(1, 5000) n";
    let writers = (0..4).map(async |_| {
        let own = connect(&here.primary.admin).await;
        for _ in 0..25 {
            touch(&own, hot).await;
        }
    });
    let (inserted, _) = tokio::join!(db.execute(many, &[]), futures::future::join_all(writers));
    assert_eq!(inserted.unwrap(), 5000);
    topic.read_version(hot, 101).await;
    topic
        .read_until("all of the great transaction", |seen| {
            seen.iter().filter(|record| record.key.starts_with("product:")).count() >= 5101
        })
        .await;

    let told = versions(&topic.seen, hot);
    let mut once = told.clone();
    once.dedup();
    assert_eq!(once, (1..=101).map(Version).collect::<Vec<_>>());
}
