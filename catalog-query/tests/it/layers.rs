//! A product comes from the replica, then from Redis, then from memory.

use catalog_core::{
    contract::redis_entry::{Body, Keys},
    freshness::Xid,
    key::EntityKey,
};
use redis::AsyncCommands as _;
use reqwest::StatusCode;
use uuid::Uuid;

use crate::support::{Here, Service, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn cache_status_goes_from_replica_to_redis_to_moka() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    let first = here.seen(&path).await;
    assert!(["replica", "moka"].contains(&first.layer()), "{first:?}");
    assert_eq!(first.json()["name"], "A wool-sock");
    assert_eq!(first.json()["variants"][0]["price"]["amount"], 1000);

    let second = here.get(&path).await;
    assert_eq!((second.layer(), &second.body), ("moka", &first.body));

    let other_pod = Service::start(&here.stores, &[]).await;
    other_pod.ready().await;
    let third = other_pod.get(&path).await;
    assert_eq!((third.layer(), &third.body), ("redis", &first.body));
    assert_eq!(other_pod.get(&path).await.layer(), "moka");
}

/// Of the product's body in Redis.
async fn horizon_in_redis(here: &Here, id: Uuid) -> Option<Xid> {
    let client = redis::Client::open(here.stores.redis_url.as_str()).unwrap();
    let mut redis = client.get_multiplexed_async_connection().await.unwrap();
    let keys = Keys::new(&here.stores.redis_prefix, &EntityKey::product(id));
    let body: Option<Vec<u8>> = redis.get(keys.body).await.unwrap();
    body.map(|body| Body::decode(&body).unwrap().horizon)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_whose_horizon_a_pod_cannot_prove_is_replaced_and_stays_until_then() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let before = eventually("the fill", async || horizon_in_redis(&here, id).await).await;
    // A pod whose first poll shows the very horizon of the body can prove it.
    here.editor.horizon_above(before).await;
    // Without a replica it has no first fill, and proves only what was loaded after its start.
    let away = "postgres://nobody@127.0.0.1:1/vitrina";
    let other_pod = Service::start(&here.stores, &[("REPLICA__URLS", away)]).await;
    other_pod.ready().await;
    let loaded = other_pod.get(&path).await;
    assert_eq!((loaded.layer(), loaded.version()), ("primary", here.editor.version(id).await));
    eventually("the body is replaced", async || {
        let horizon = horizon_in_redis(&here, id).await.expect("it stays until it is replaced");
        (horizon > before).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_say_how_old_they_are_and_the_second_conditional_read_is_304() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    let first = here.seen(&path).await;
    assert_eq!(first.header("cache-control"), "max-age=2");
    assert!(["1", "2"].contains(&first.header("age")), "{first:?}");
    assert_eq!(first.header("vary"), "accept-encoding, vitrina-session, vitrina-consistency");
    assert_eq!(first.header("content-type"), "application/json");

    let unchanged = here.service.get_with(&path, "if-none-match", first.header("etag")).await;
    assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
    assert!(unchanged.body.is_empty());
    assert_eq!(unchanged.header("etag"), first.header("etag"));
    assert_eq!(unchanged.layer(), "moka");

    here.editor.rename(id, "Another").await;
    eventually("the tag no longer holds", async || {
        let answer = here.service.get_with(&path, "if-none-match", first.header("etag")).await;
        (answer.status == StatusCode::OK).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn head_gives_the_headers_of_get() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    let get = here.seen(&path).await;
    let head = here.service.client.head(here.service.url(&path)).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(head.headers()["etag"], get.header("etag"));
    assert!(head.bytes().await.unwrap().is_empty());
}
