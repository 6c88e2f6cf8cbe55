//! An edit shows within the bound, and nothing older is answered unlabelled after that.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use uuid::Uuid;

use crate::support::{Here, eventually};

const BOUND: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn every_edit_shows_within_the_bound() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let mut acknowledged = vec![(Instant::now(), here.editor.version(id).await)];
    for edit in 0..20 {
        let version = here.editor.rename(id, &format!("Sock {edit}")).await;
        let since = Instant::now();
        acknowledged.push((since, version));
        eventually("the edit shows", async || {
            let start = Instant::now();
            let answer = here.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK);
            let due = acknowledged.iter().filter(|(at, _)| start.duration_since(*at) > BOUND);
            let least = due.map(|(_, version)| *version).max().unwrap_or(0);
            assert!(answer.is_stale() || answer.version() >= least, "{answer:?}");
            (answer.version() >= version).then_some(())
        })
        .await;
        assert!(since.elapsed() < BOUND, "{edit}: {:?}", since.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_absent_is_seen_once_it_is_created() {
    let here = Here::new().await;
    let id = Uuid::now_v7();
    let path = format!("/v1/products/{id}");
    for _ in 0..2 {
        let absent = here.get(&path).await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
        assert!(!absent.is_stale());
        assert_eq!(absent.header("content-type"), "application/problem+json");
    }
    here.editor
        .run(&format!("INSERT INTO product (id, slug, status) VALUES ('{id}', 'late', 'active')"))
        .await;
    let created = Instant::now();
    let answer = here.seen(&path).await;
    assert!(created.elapsed() < BOUND, "{:?}", created.elapsed());
    assert_eq!(answer.json()["slug"], "late");
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_and_deleted_products_do_not_exist() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    for (hide, show) in [
        ("status = 'draft'", "status = 'active'"),
        ("publish_at = now() + interval '1 hour'", "publish_at = NULL"),
        ("deleted_at = now()", "deleted_at = NULL"),
    ] {
        here.editor.run(&format!("UPDATE product SET {hide} WHERE id = '{id}'")).await;
        eventually(hide, async || {
            (here.get(&path).await.status == StatusCode::NOT_FOUND).then_some(())
        })
        .await;
        here.editor.run(&format!("UPDATE product SET {show} WHERE id = '{id}'")).await;
        here.seen(&path).await;
    }
}
