//! Many who miss one thing cause one load, and many superseded things are loaded together.

use std::time::{Duration, Instant};

use devstack::TestStack;
use futures::future::join_all;
use reqwest::StatusCode;

use crate::support::{Editor, Here, Service, eventually};

const LOADS: [&str; 2] = ["layer=\"replica\"", "outcome=\"answered\""];

#[tokio::test(flavor = "multi_thread")]
async fn all_who_miss_a_product_share_one_statement() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let warm = here.editor.product("warm-up").await;
    here.seen(&format!("/v1/products/{warm}")).await;
    let before = here.service.counted("vitrina_loads_total", &LOADS).await;
    let path = format!("/v1/products/{id}");
    let answers = join_all((0..300).map(|_| here.get(&path))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK && !answer.is_stale()));
    assert_eq!(here.service.counted("vitrina_loads_total", &LOADS).await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_who_follow_an_old_slug_share_one_statement() {
    let here = Here::new().await;
    let id = here.editor.product("first").await;
    here.editor.run(&format!("UPDATE product SET slug = 'second' WHERE id = '{id}'")).await;
    here.seen("/v1/products/by-slug/second").await;
    let loads = ["outcome=\"answered\""];
    let before = here.service.counted("vitrina_dated_loads_total", &loads).await;
    let answers = join_all((0..300).map(|_| here.get("/v1/products/by-slug/first"))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::PERMANENT_REDIRECT));
    let loads = here.service.counted("vitrina_dated_loads_total", &loads).await - before;
    // Another one when no beat dates what the replica gave.
    assert!(loads <= 2, "{loads} statements");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_the_catalog_edited_at_once_makes_no_herd_and_nobody_wait() {
    let here = Here::new().await;
    let mut paths = Vec::new();
    for number in 0..120 {
        let id = here.editor.product(&format!("sock-{number}")).await;
        paths.push(format!("/v1/products/{id}"));
    }
    for path in &paths {
        here.seen(path).await;
    }
    let before = here.service.counted("vitrina_loads_total", &LOADS).await;
    here.editor.run("UPDATE product SET brand = 'Vitrina'").await;
    eventually("every product shows it", async || {
        let answers = join_all(paths.iter().map(|path| here.get(path))).await;
        assert!(answers.iter().all(|answer| answer.status.is_success() && !answer.is_stale()));
        answers.iter().all(|answer| answer.json()["brand"] == "Vitrina").then_some(())
    })
    .await;
    let loads = here.service.counted("vitrina_loads_total", &LOADS).await - before;
    assert!(loads <= 30, "{loads} statements for 120 products");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hot_product_edited_while_the_replica_lags_makes_no_herd_and_nobody_wait() {
    const EDITS: u64 = 20;
    let stack = TestStack::own().await.unwrap();
    let here = Here::on(stack.isolated().await.unwrap(), &[]).await;
    let replica = Editor::connect(&here.stores.replica.superuser).await;
    for sql in ["ALTER SYSTEM SET recovery_min_apply_delay = '50ms'", "SELECT pg_reload_conf()"] {
        replica.batch_execute(sql).await.unwrap();
    }
    let id = here.editor.product("hot").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let loads = async |layer: &str| {
        let layer = format!("layer=\"{layer}\"");
        here.service.counted("vitrina_loads_total", &[&layer]).await
    };
    let (at_replica, at_primary) = (loads("replica").await, loads("primary").await);
    let mut reads = 0;
    for edit in 0..EDITS {
        let version = here.editor.rename(id, &format!("Edit {edit}")).await;
        eventually("all who read see the edit", async || {
            let asked = Instant::now();
            let answers = join_all((0..100).map(|_| here.get(&path))).await;
            reads += answers.len() as u64;
            assert!(answers.iter().all(|answer| answer.status.is_success() && !answer.is_stale()));
            assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
            answers.iter().all(|answer| answer.version() >= version).then_some(())
        })
        .await;
    }
    let at_replica = loads("replica").await - at_replica;
    // Each edit is asked for until the replica shows it, by one for all, and with growing pauses.
    assert!(
        at_replica <= 10 * EDITS,
        "{at_replica} statements for {EDITS} edits and {reads} reads"
    );
    assert_eq!(loads("primary").await, at_primary, "the primary has to bear nothing of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_pods_that_miss_a_product_at_once_load_it_once() {
    let here = Here::new().await;
    let others = [Service::start(&here.stores, &[]).await, Service::start(&here.stores, &[]).await];
    let pods = [&here.service, &others[0], &others[1]];
    let warm = format!("/v1/products/{}", here.editor.product("warm-up").await);
    let path = format!("/v1/products/{}", here.editor.product("wool-sock").await);
    let mut before = 0;
    for pod in pods {
        pod.ready().await;
        eventually("it is warm", async || pod.get(&warm).await.status.is_success().then_some(()))
            .await;
        before += pod.counted("vitrina_loads_total", &LOADS).await;
    }
    let answers = join_all((0..300).map(|number| pods[number % 3].get(&path))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK && !answer.is_stale()));
    let mut after = 0;
    for pod in pods {
        after += pod.counted("vitrina_loads_total", &LOADS).await;
    }
    assert_eq!(after, before + 1);
}
