//! The contract's scripts, as readers use them.

use std::time::Duration;

use catalog_core::{
    contract::redis_entry::{ANY_HORIZON, FETCH, RELEASE, fixed_width, position},
    freshness::{Epoch, Version},
    key::EntityKey,
};
use devstack::TestStack;
use redis::{AsyncCommands as _, Script};

use crate::support::{Here, product};

const LIFE: Duration = Duration::from_mins(1);

async fn here() -> Here {
    Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await
}

async fn fetch(here: &Here, entity: EntityKey, version: u64, token: &str) -> String {
    let keys = here.keys(entity);
    Script::new(FETCH)
        .key(keys.body)
        .key(keys.floor)
        .key(keys.lease)
        .arg(position(Epoch(5), Version(version)))
        .arg(token)
        .arg(LIFE.as_secs() * 1000)
        .arg(LIFE.as_secs() * 1000)
        .arg(fixed_width(ANY_HORIZON))
        .invoke_async(&mut here.redis.clone())
        .await
        .unwrap()
}

async fn release(here: &Here, entity: EntityKey, token: &str) -> u64 {
    let keys = here.keys(entity);
    Script::new(RELEASE)
        .key(keys.body)
        .key(keys.floor)
        .key(keys.lease)
        .arg(token)
        .invoke_async(&mut here.redis.clone())
        .await
        .unwrap()
}

#[tokio::test]
async fn what_never_existed_gets_no_floor_however_often_it_is_asked_for() {
    let here = here().await;
    let (unknown, known) = (product(), product());
    assert_eq!(fetch(&here, unknown, 0, "a").await, "lease");
    assert_eq!(here.floor(unknown).await, None);
    assert_eq!(fetch(&here, known, 1, "a").await, "lease");
    assert_eq!(here.floor(known).await, Some(position(Epoch(5), Version(1))));
}

#[tokio::test]
async fn a_lease_is_ended_by_its_holder_only() {
    let here = here().await;
    let entity = product();
    assert_eq!(fetch(&here, entity, 1, "holder").await, "lease");
    assert_eq!(release(&here, entity, "another").await, 0);
    assert_eq!(fetch(&here, entity, 1, "next").await, "wait");
    assert_eq!(release(&here, entity, "holder").await, 1);
    assert_eq!(fetch(&here, entity, 1, "next").await, "lease");
    let holder: String = here.redis.clone().get(here.keys(entity).lease).await.unwrap();
    assert_eq!(holder, "next");
}
