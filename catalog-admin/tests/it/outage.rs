//! The primary goes away in the middle, and comes back.

use devstack::{Component, TestStack};
use futures::future::join_all;
use serde_json::json;

use crate::samples::{plain, sock};
use crate::service::{Service, connect, wait_until};

#[tokio::test]
async fn without_the_primary_writes_are_refused_and_afterwards_they_work_again() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    let service =
        Service::start_on(here, &[("VITRINA_PRIMARY__POOL__CONNECT_TIMEOUT", "500ms")]).await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());

    stack.kill(Component::Primary).await;
    for answer in [
        service.patch(&place, created.etag(), &json!({"brand": "B"})).await,
        service.post("/v1/products", &plain("other")).await,
        service.get(&place).await,
    ] {
        let answer = answer.is(503);
        assert_eq!(answer.body["type"], "/problems/unavailable");
        assert!(answer.header("retry-after").is_some());
    }

    stack.start(Component::Primary).await.unwrap();
    wait_until("the primary answers again", async || service.get(&place).await.status == 200).await;
    let read = service.get(&place).await.is(200);
    assert_eq!(read.etag(), created.etag());
    let patch = json!({"brand": "B"});
    wait_until("an epoch stands, and a write gets through", async || {
        service.patch(&place, read.etag(), &patch).await.status == 200
    })
    .await;
}

/// The advisory lock of whoever beats.
pub(crate) const BEATING: i64 = 0x0076_6974_7269_6e61;

#[tokio::test]
async fn until_an_epoch_stands_writes_are_refused_and_reads_are_not() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    // As if another admin were beating, and stood still.
    let other = service.database().await;
    other.execute("SELECT pg_advisory_lock($1)", &[&BEATING]).await.unwrap();
    other.execute("DELETE FROM incarnation", &[]).await.unwrap();

    for answer in [
        service.patch(&place, created.etag(), &json!({"brand": "B"})).await,
        service.post("/v1/products", &plain("other")).await,
        service.delete(&place, created.etag()).await,
    ] {
        let answer = answer.is(503);
        assert_eq!(answer.body["type"], "/problems/unavailable");
        assert!(answer.header("retry-after").is_some());
    }
    assert_eq!(service.get(&place).await.is(200).etag(), created.etag());

    other.execute("SELECT pg_advisory_unlock($1)", &[&BEATING]).await.unwrap();
    let patch = json!({"brand": "B"});
    wait_until("a write gets through", async || {
        service.patch(&place, created.etag(), &patch).await.status == 200
    })
    .await;
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_leaves_nothing_half_written() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());

    // Whoever holds a row of the document lets the write begin, and not end.
    let mut holder = service.database().await;
    let hold = holder.transaction().await.unwrap();
    let id: uuid::Uuid = created.id().parse().unwrap();
    let lock = "SELECT FROM variant WHERE product_id = $1 FOR UPDATE";
    hold.query(lock, &[&id]).await.unwrap();

    let superuser = connect(&service.here.primary.superuser).await;
    let patch = json!({"brand": "B", "variants": [], "media": []});
    let write = service.patch(&place, created.etag(), &patch);
    let cut = wait_until("the write waits for the row, and is cut", async || {
        let statement = "
            SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = $1 AND application_name = 'catalog-admin' AND wait_event_type = 'Lock'";
        let row = superuser.query_one(statement, &[&service.here.name]).await.unwrap();
        row.get::<_, i64>(0) > 0
    });
    let (answer, ()) = tokio::join!(write, cut);
    assert_eq!(answer.is(503).body["type"], "/problems/unavailable");
    hold.rollback().await.unwrap();

    let read = service.get(&place).await.is(200);
    assert_eq!((read.etag(), &read.body), (created.etag(), &created.body));
    service.patch(&place, read.etag(), &patch).await.is(200);
}

#[tokio::test]
async fn requests_that_are_given_up_leave_no_lock_behind() {
    let service = Service::start_with(&[("VITRINA_HTTP__REQUEST_TIMEOUT", "300ms")]).await;
    let created = service.post("/v1/products", &sock("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let mut holder = service.database().await;
    let hold = holder.transaction().await.unwrap();
    let id: uuid::Uuid = created.id().parse().unwrap();
    hold.query("SELECT FROM variant WHERE product_id = $1 FOR UPDATE", &[&id]).await.unwrap();

    let patch = json!({"variants": [], "media": []});
    let answers = join_all((0..12).map(|_| service.patch(&place, created.etag(), &patch))).await;
    assert!(answers.iter().all(|answer| answer.status == 503), "{answers:#?}");
    hold.rollback().await.unwrap();
    wait_until("a write gets through", async || {
        let read = service.get(&place).await;
        read.status == 200 && service.patch(&place, read.etag(), &patch).await.status == 200
    })
    .await;
}
