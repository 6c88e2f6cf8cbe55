//! Redis forgets what it was told, and brings back what it had dropped: it is not believed.

use catalog_core::{
    contract::redis_entry::{Body, Keys},
    freshness::Version,
    key::EntityKey,
};
use redis::AsyncCommands as _;

use crate::support::{Here, Service, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_goes_back_to_an_old_body_is_not_believed() {
    let here = Here::new().await;
    // It polls from now on, and has never had the product.
    let other_pod = Service::start(&here.stores, &[]).await;
    other_pod.ready().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let client = redis::Client::open(here.stores.redis_url.as_str()).unwrap();
    let mut redis = client.get_multiplexed_async_connection().await.unwrap();
    let keys = Keys::new(&here.stores.redis_prefix, &EntityKey::product(id));
    let old =
        eventually("the fill", async || redis.get::<_, Option<Vec<u8>>>(&keys.body).await.unwrap())
            .await;

    let version = here.editor.rename(id, "Edited").await;
    let polls = async || other_pod.counted("vitrina_polls_total", &["outcome=\"counted\""]).await;
    let before = polls().await;
    // One of them was sent after the edit had been acknowledged.
    eventually("two polls", async || (polls().await >= before + 2).then_some(())).await;
    let () = redis.del(&[&keys.floor, &keys.lease]).await.unwrap();
    let () = redis.set(&keys.body, &old).await.unwrap();

    let answer = other_pod.get(&path).await;
    assert!(!answer.is_stale());
    assert_ne!(answer.layer(), "redis");
    assert_eq!(answer.version(), version);
    eventually("the old body is replaced", async || {
        // In between there is none.
        let body: Vec<u8> = redis.get::<_, Option<_>>(&keys.body).await.unwrap()?;
        (Body::decode(&body).unwrap().version >= Version(version)).then_some(())
    })
    .await;
}
