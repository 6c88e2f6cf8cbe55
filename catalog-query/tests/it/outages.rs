//! Stores go away and come back; answers go on, and say what they can no longer prove.

use std::time::{Duration, Instant};

use devstack::{Component, TestStack};
use reqwest::StatusCode;

use crate::support::{Answer, Editor, Gate, Here, Service, eventually};

async fn here(stack: &TestStack) -> Here {
    Here::on(stack.isolated().await.unwrap(), &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_reads_go_on_from_memory_and_the_replica() {
    let stack = TestStack::own().await.unwrap();
    let here = here(&stack).await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    stack.kill(Component::Redis).await;
    assert_eq!(here.get(&path).await.layer(), "moka");
    let other = here.editor.product("other").await;
    let loaded = here.seen(&format!("/v1/products/{other}")).await;
    assert!(!loaded.is_stale());
    let version = here.editor.rename(id, "Edited").await;
    eventually("the edit shows", async || {
        let answer = here.get(&path).await;
        assert!(answer.status.is_success() && !answer.is_stale());
        (answer.version() >= version).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_primary_answers_are_the_same_and_labelled_once_the_bound_has_passed() {
    let stack = TestStack::own().await.unwrap();
    let here = here(&stack).await;
    let id = here.editor.product("wool-sock").await;
    let unread = here.editor.product("unread").await;
    let path = format!("/v1/products/{id}");
    let before = here.seen(&path).await;
    here.seen(&format!("/v1/products/{unread}?locale=de")).await;
    stack.kill(Component::Primary).await;
    let stale = eventually("answers are labelled", async || {
        let answer = here.get(&path).await;
        assert_eq!((answer.status, &answer.body), (StatusCode::OK, &before.body));
        Some(answer).filter(Answer::is_stale)
    })
    .await;
    assert_eq!(stale.layer(), "moka-stale");
    assert!(stale.header("age").parse::<u64>().unwrap() > 2, "{stale:?}");
    // What memory does not have is loaded, and labelled too.
    let loaded = here.get(&format!("/v1/products/{unread}?locale=en")).await;
    assert_eq!((loaded.status, loaded.is_stale()), (StatusCode::OK, true));

    stack.start(Component::Primary).await.unwrap();
    let _editor = Editor::new(&here.stores.primary.admin).await;
    eventually("answers are proven again", async || {
        let answer = here.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        (!answer.is_stale()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_hangs_makes_answers_stale_and_polls_go_on_when_it_is_back() {
    let stack = TestStack::own().await.unwrap();
    let here = here(&stack).await;
    let path = format!("/v1/products/{}", here.editor.product("wool-sock").await);
    let before = here.seen(&path).await;
    stack.pause(Component::Primary).await;
    eventually("answers are labelled", async || {
        let answer = here.get(&path).await;
        assert_eq!((answer.status, &answer.body), (StatusCode::OK, &before.body));
        answer.is_stale().then_some(())
    })
    .await;
    stack.resume(Component::Primary);
    eventually("answers are proven again", async || {
        (!here.get(&path).await.is_stale()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_replica_does_not_replay_edits_are_loaded_from_the_primary() {
    let stack = TestStack::own().await.unwrap();
    let here = here(&stack).await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let replica = Editor::connect(&here.stores.replica.superuser).await;
    replica.batch_execute("SELECT pg_wal_replay_pause()").await.unwrap();
    let version = here.editor.rename(id, "Edited").await;
    let edited = Instant::now();
    eventually("the edit shows", async || {
        let start = Instant::now();
        let answer = here.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(start.elapsed() < Duration::from_secs(1), "nobody waits: {:?}", start.elapsed());
        assert!(!answer.is_stale());
        (answer.version() >= version).then_some(())
    })
    .await;
    assert!(edited.elapsed() < Duration::from_secs(2), "{:?}", edited.elapsed());
    let created = here.editor.product("created").await;
    let answer = here.get(&format!("/v1/products/{created}")).await;
    // Until the next poll nobody knows that it exists.
    assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&answer.status));
    let seen = here.seen(&format!("/v1/products/{created}")).await;
    assert!(!seen.is_stale());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_replica_the_primary_loads() {
    let stack = TestStack::own().await.unwrap();
    let here = here(&stack).await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    stack.kill(Component::Replica).await;
    let unread = here.editor.product("unread").await;
    let loaded = here.get(&format!("/v1/products/{unread}")).await;
    assert_eq!((loaded.status, loaded.layer()), (StatusCode::OK, "primary"));
    let known = here.get(&path).await;
    assert_eq!((known.status, known.layer()), (StatusCode::OK, "moka"));
}

const NOWHERE: [(&str, &str); 7] = [
    ("PRIMARY__URL", "postgres://nobody:hunter2@127.0.0.1:1/vitrina"),
    ("REPLICA__URLS", "postgres://nobody:hunter2@127.0.0.1:1/vitrina"),
    ("REDIS__URL", "redis://127.0.0.1:1"),
    ("KAFKA__BROKERS", "127.0.0.1:1"),
    ("CURSOR__KEY", "0123456789abcdef0123456789abcdef"),
    ("SESSION__KEY", "0123456789abcdef0123456789abcdef"),
    ("FRESHNESS__READY_WITHOUT", "1s"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_never_answered_falls_behind() {
    let service = Service::run(NOWHERE.iter()).await;
    eventually("its lag grows", async || {
        let page = service.metrics().await;
        let lag = "vitrina_replica_lag_seconds{replica=\"0\"} ";
        let mut lines = page.lines().filter_map(|line| line.strip_prefix(lag));
        lines.any(|lag| lag.parse::<f64>().unwrap() > 0.0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_store_a_pod_is_ready_after_a_while_and_says_503() {
    let started = Instant::now();
    let service = Service::run(NOWHERE.iter()).await;
    service.ready().await;
    assert!(started.elapsed() >= Duration::from_secs(1));
    let answer = service.get("/v1/products/01890a5d-ac96-774b-bcce-b302099a8057").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("retry-after"), "1");
    let text = String::from_utf8(answer.body).unwrap();
    for word in ["postgres", "Redis", "hunter2", "127.0.0.1", "connect"] {
        assert!(!text.contains(word), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_answers_late_is_left_alone_until_it_does_not() {
    let stores = TestStack::shared().unwrap().isolated().await.unwrap();
    let gate = Gate::before(&stores.redis_url).await;
    let here = Here::on(stores, &[("REDIS__URL", gate.url())]).await;
    // Far longer than its answers are waited for.
    gate.delay(Duration::from_secs(5));
    let left_alone = || here.service.counted("vitrina_redis_calls_total", &["outcome=\"refused\""]);
    let mut number = 0;
    eventually("misses leave it alone", async || {
        number += 1;
        let id = here.editor.product(&format!("sock-{number}")).await;
        let answer = here.seen(&format!("/v1/products/{id}")).await;
        assert!(!answer.is_stale() && answer.layer() != "redis", "{answer:?}");
        (left_alone().await > 0).then_some(())
    })
    .await;
    gate.delay(Duration::ZERO);
    let answered = || here.service.counted("vitrina_redis_calls_total", &["outcome=\"answered\""]);
    let before = answered().await;
    eventually("it is asked again", async || {
        number += 1;
        let id = here.editor.product(&format!("sock-{number}")).await;
        here.seen(&format!("/v1/products/{id}")).await;
        (answered().await > before).then_some(())
    })
    .await;
}
