//! Documents and bodies that this release cannot read: they are told at once, and hold up nothing.

use catalog_core::{
    contract::redis_entry::{Body, Keys},
    key::EntityKey,
};
use redis::AsyncCommands as _;
use reqwest::StatusCode;

use crate::support::{Editor, Here, Service, eventually};

/// JSONB keeps numbers that no double can hold.
const UNREADABLE: &str = r#"{"size": 1e400}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_read_is_not_asked_for_again_and_again() {
    let here = Here::new().await;
    let bad = here.editor.product("odd-sock").await;
    let update = format!("UPDATE product SET attributes = '{UNREADABLE}' WHERE id = '{bad}'");
    here.editor.run(&update).await;
    let replica = Editor::connect(&here.stores.replica.superuser).await;
    eventually("the replica has it", async || {
        let sql = "SELECT FROM product WHERE id = $1 AND attributes ? 'size'";
        replica.query_opt(sql, &[&bad]).await.unwrap()
    })
    .await;

    let path = format!("/v1/products/{bad}");
    let labels = ["outcome=\"answered\""];
    let before = here.service.counted("vitrina_loads_total", &labels).await;
    let answers = futures::future::join_all((0..50).map(|_| here.get(&path))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::SERVICE_UNAVAILABLE));
    let loads = here.service.counted("vitrina_loads_total", &labels).await - before;
    assert!(loads <= 3, "{loads} statements for what cannot be read");

    here.editor.run(&format!("UPDATE product SET attributes = '{{}}' WHERE id = '{bad}'")).await;
    here.seen(&path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_in_redis_that_cannot_be_read_is_loaded_anew_and_replaced() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let client = redis::Client::open(here.stores.redis_url.as_str()).unwrap();
    let mut redis = client.get_multiplexed_async_connection().await.unwrap();
    let key = Keys::new(&here.stores.redis_prefix, &EntityKey::product(id)).body;
    let stored =
        eventually("the fill", async || redis.get::<_, Option<Vec<u8>>>(&key).await.unwrap()).await;
    let broken = Body { document: Some(b"{\"id\""), ..Body::decode(&stored).unwrap() }.encode();
    let () = redis.set(&key, &broken).await.unwrap();

    let other_pod = Service::start(&here.stores, &[]).await;
    other_pod.ready().await;
    assert_eq!(other_pod.get(&path).await.layer(), "replica");
    eventually("it is replaced", async || {
        let body: Vec<u8> = redis.get(&key).await.unwrap();
        (body != broken).then_some(())
    })
    .await;
}
