//! A product that was in Redis when it changed is there again, in its new version.

use catalog_core::{contract::redis_entry::Body, freshness::Version, key::EntityKey};
use devstack::TestStack;
use redis::AsyncCommands as _;
use tokio::net::TcpListener;
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::support::{Here, body, change, eventually, product, refills};

async fn insert_product(here: &Here, id: Uuid) {
    let (client, connection) =
        tokio_postgres::connect(&here.isolated.primary.admin, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
        .execute("INSERT INTO product (id, slug) VALUES ($1, $2)", &[&id, &format!("p-{id}")])
        .await
        .unwrap();
}

#[tokio::test]
async fn a_product_in_use_is_loaded_again_from_the_replica() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let id = Uuid::new_v4();
    let entity = EntityKey::product(id);
    // No epoch has begun in this database: its rows bear epoch 0.
    here.put(entity, &body(0, 0)).await;
    let member = here.start().await;
    insert_product(&here, id).await;
    here.publish(&change(entity, 0, 1)).await;
    let filled = eventually("the refill", || async {
        here.body(entity).await.filter(|bytes| Body::decode(bytes).unwrap().version == Version(1))
    })
    .await;
    let document = Body::decode(&filled).unwrap().document.expect("a document");
    let document: catalog_core::document::ProductDocument =
        serde_json::from_slice(document).unwrap();
    assert_eq!(document.id, id);
    member.end().await;
}

#[tokio::test]
async fn a_product_that_nobody_reads_is_not_loaded() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let (unread, read) = (Uuid::new_v4(), Uuid::new_v4());
    here.put(EntityKey::product(read), &body(0, 0)).await;
    insert_product(&here, unread).await;
    insert_product(&here, read).await;
    let member = here.start().await;
    for id in [unread, read] {
        here.publish(&change(EntityKey::product(id), 0, 1)).await;
        here.raised(&change(EntityKey::product(id), 0, 1)).await;
    }
    eventually("the refill of the one that is read", || here.body(EntityKey::product(read))).await;
    assert_eq!(here.body(EntityKey::product(unread)).await, None);
    member.end().await;
}

/// A replica that takes connections and never says anything.
async fn mute_replica() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgresql://u@{}/d", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn a_replica_that_hangs_leaves_its_refills_to_another() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let (_listener, mute) = mute_replica().await;
    let urls = format!("{mute},{}", here.isolated.replica.query);
    let member = here.start_with(&[("VITRINA_REPLICA__URLS", &urls)]).await;
    // With the replicas asked in turn, one of two neighbours falls on the one that hangs.
    for _ in 0..2 {
        let id = Uuid::new_v4();
        let entity = EntityKey::product(id);
        here.put(entity, &body(0, 0)).await;
        insert_product(&here, id).await;
        here.publish(&change(entity, 0, 1)).await;
        eventually("the refill", || async {
            let bytes = here.body(entity).await?;
            (Body::decode(&bytes).unwrap().version == Version(1)).then_some(())
        })
        .await;
    }
    member.end().await;
}

#[tokio::test]
async fn a_lease_outlives_the_patience_with_the_replicas() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let (_listener, mute) = mute_replica().await;
    let settings = [("VITRINA_REPLICA__URLS", &*mute), ("VITRINA_REFILL__PATIENCE", "60s")];
    let member = here.start_with(&settings).await;
    let entity = product();
    here.put(entity, &body(5, 1)).await;
    here.publish(&change(entity, 5, 2)).await;
    let life: i64 = eventually("the lease", || async {
        let life: i64 = here.redis.clone().pttl(here.keys(entity).lease).await.unwrap();
        (life > 0).then_some(life)
    })
    .await;
    assert!(life > 10_000, "{life} ms");
    member.end().await;
}

#[tokio::test]
async fn the_lease_of_a_refill_that_failed_is_given_back() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let (listener, gone) = mute_replica().await;
    drop(listener);
    // The lease would live for as long.
    let settings = [("VITRINA_REPLICA__URLS", &*gone), ("VITRINA_REFILL__PATIENCE", "10m")];
    let member = here.start_with(&settings).await;
    let entity = product();
    let failed = refills("replica_away");
    here.put(entity, &body(5, 1)).await;
    here.publish(&change(entity, 5, 2)).await;
    eventually("the failure", || async { (refills("replica_away") > failed).then_some(()) }).await;
    eventually("the end of the lease", || async {
        let held: bool = here.redis.clone().exists(here.keys(entity).lease).await.unwrap();
        (!held).then_some(())
    })
    .await;
    member.end().await;
}
