//! A record raises the floor and drops what is older.

use catalog_core::{
    contract::redis_entry::position,
    freshness::{Epoch, Version},
    key::{EntityKey, SlugScope},
};
use devstack::TestStack;

use crate::support::{Here, body, change, product};

#[tokio::test]
async fn a_change_drops_an_older_body_and_leaves_a_newer_one() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let (older, same) = (product(), product());
    here.put(older, &body(5, 3)).await;
    here.put(same, &body(5, 4)).await;
    let member = here.start().await;
    for entity in [older, same] {
        here.publish(&change(entity, 5, 4)).await;
        here.raised(&change(entity, 5, 4)).await;
    }
    assert_eq!(here.body(older).await, None);
    assert_eq!(here.body(same).await, Some(body(5, 4)));
    member.end().await;
}

#[tokio::test]
async fn a_late_or_doubled_record_never_lowers_a_floor() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let (entity, witness) = (product(), product());
    let member = here.start().await;
    here.publish_in_order(&[change(entity, 5, 4)]).await;
    here.raised(&change(entity, 5, 4)).await;
    let late = [change(entity, 5, 4), change(entity, 5, 3), change(witness, 5, 1)];
    here.publish_in_order(&late).await;
    here.raised(&change(witness, 5, 1)).await;
    assert_eq!(here.floor(entity).await, Some(position(Epoch(5), Version(4))));
    member.end().await;
}

#[tokio::test]
async fn every_kind_of_entity_has_a_floor() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let member = here.start().await;
    let entities = [
        EntityKey::category(uuid::Uuid::new_v4()),
        EntityKey::slug(SlugScope::Product, "wool-sock"),
        EntityKey::sku("SOCK-RED"),
        EntityKey::RULES,
    ];
    for entity in entities {
        here.put(entity, &body(5, 1)).await;
        here.publish(&change(entity, 5, 2)).await;
        here.raised(&change(entity, 5, 2)).await;
        assert_eq!(here.body(entity).await, None, "{entity}");
    }
    member.end().await;
}
