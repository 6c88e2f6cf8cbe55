//! A product that was in Redis when it changed is there again, in its new version.

use catalog_core::{contract::redis_entry::Body, freshness::Version, key::EntityKey};
use devstack::TestStack;
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::support::{Here, body, change, eventually};

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
