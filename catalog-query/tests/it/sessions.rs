//! Callers that ask for more than the bound: with a token, `no-cache`, or `strong`.

use catalog_core::{
    contract::session_token::SessionKey,
    freshness::{Epoch, Token, Xid},
};
use devstack::TestStack;
use reqwest::StatusCode;
use uuid::Uuid;

use crate::support::{Answer, Editor, Here, Service, eventually};

/// So rarely polled, and without Kafka, that a pod does not find a change by itself for seconds.
const SLOW: [(&str, &str); 2] = [("FRESHNESS__BOUND", "40s"), ("KAFKA__BROKERS", "127.0.0.1:1")];
const SESSION: &str = "vitrina-session";
const LOST: &str = "vitrina-session-lost";

impl Here {
    /// What an admin would give after a write that has been acknowledged.
    async fn token(&self) -> String {
        let sql = "SELECT epoch, pg_snapshot_xmax(pg_current_snapshot())::text FROM history";
        let row = self.editor.client.query_one(sql, &[]).await.unwrap();
        let epoch = Epoch(row.get::<_, i64>(0).cast_unsigned());
        let end: Xid = row.get::<_, &str>(1).parse().unwrap();
        let mut token = Token::new(epoch);
        token.listed(end, true);
        SessionKey::new(self.stores.session_key.as_bytes()).seal(&token)
    }
}

impl Service {
    async fn get_in(&self, session: &str, path: &str) -> Answer {
        self.get_with(path, SESSION, session).await
    }

    async fn get_strong(&self, path: &str) -> Answer {
        self.get_with(path, "vitrina-consistency", "strong").await
    }
}

/// A service with these settings that has a product in memory; its id, and where it is read.
async fn knowing_a_product(settings: &[(&str, &str)]) -> (Here, Uuid, String) {
    let here = Here::with(settings).await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    (here, id, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_shows_what_its_caller_wrote() {
    let (here, id, path) = knowing_a_product(&SLOW).await;
    for round in 0..5 {
        let version = here.editor.rename(id, &format!("After {round}")).await;
        assert_eq!(here.get(&path).await.version(), version - 1, "by itself it is not found yet");
        let answer = here.service.get_in(&here.token().await, &path).await;
        assert_eq!((answer.version(), answer.is_stale()), (version, false));
        assert_eq!(answer.header("cache-control"), "private, max-age=40");
        assert!(answer.header("vary").contains(SESSION));
    }
    assert!(here.service.counted("vitrina_demands_total", &["session", "\"met\""]).await >= 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_read_shows_what_its_caller_wrote() {
    let here = Here::with(&SLOW).await;
    let id = here.editor.product("wool-sock").await;
    let category = here.editor.category("socks", id).await;
    let (by_slug, by_sku) = ("/v1/products/by-slug/wool-sock", "/v1/products/by-sku/WOOL-SOCK");
    let (by_ids, page) = (format!("/v1/products?ids={id}"), "/v1/products?category=socks");
    for path in [by_slug, by_sku, &by_ids, page, "/v1/categories", "/v1/categories/socks"] {
        here.seen(path).await;
    }
    let other = here.editor.product("silk-scarf").await;
    here.editor
        .run(&format!(
            "BEGIN;
             UPDATE product SET slug = 'merino-sock' WHERE id = '{id}';
             UPDATE variant SET sku = 'MERINO' WHERE product_id = '{id}';
             INSERT INTO product_category (product_id, category_id) VALUES ('{other}', '{category}');
             UPDATE category_translation SET name = 'Stockings' WHERE category_id = '{category}';
             COMMIT"
        ))
        .await;
    let session = here.token().await;
    let read = async |path: &str| {
        let answer = here.service.get_in(&session, path).await;
        assert!(!answer.is_stale() && answer.headers.contains_key(SESSION), "{path}: {answer:?}");
        answer
    };
    let moved = read(by_slug).await;
    assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT);
    assert!(moved.header("location").ends_with("/merino-sock"));
    assert_eq!(read("/v1/products/by-slug/merino-sock").await.status, StatusCode::OK);
    assert_eq!(read(by_sku).await.status, StatusCode::NOT_FOUND);
    assert_eq!(read("/v1/products/by-sku/MERINO").await.json()["id"], id.to_string());
    assert_eq!(read(&by_ids).await.json()["products"][0]["slug"], "merino-sock");
    assert_eq!(read(page).await.json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(read("/v1/categories").await.json()["items"][0]["name"], "Stockings");
    assert_eq!(read("/v1/categories/socks").await.json()["name"], "Stockings");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_does_not_go_back_from_one_pod_to_another() {
    let here = Here::with(&SLOW).await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    let other_pod = Service::start(&here.stores, &SLOW).await;
    other_pod.ready().await;
    eventually("the other pod has it", async || {
        other_pod.get(&path).await.status.is_success().then_some(())
    })
    .await;
    let session = here.token().await;
    let version = here.editor.rename(id, "After").await;
    // One pod finds it, and the caller sees it there.
    let seen = here.service.get_in(&here.token().await, &path).await;
    assert_eq!(seen.version(), version);
    let seen = here.service.get_in(&session, &path).await;
    assert_eq!(seen.version(), version);
    assert_eq!(other_pod.get(&path).await.version(), version - 1, "the other has the old one");
    let again = other_pod.get_in(seen.header(SESSION), &path).await;
    assert_eq!((again.version(), again.is_stale()), (version, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_replica_stands_still_the_primary_answers_a_token() {
    let stack = TestStack::own().await.unwrap();
    let stores = stack.isolated().await.unwrap();
    let settings = [("FRESHNESS__BOUND", "4s"), ("KAFKA__BROKERS", "127.0.0.1:1")];
    let here = Here::on(stores, &settings).await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let replica = Editor::connect(&here.stores.replica.superuser).await;
    replica.batch_execute("SELECT pg_wal_replay_pause()").await.unwrap();
    let version = here.editor.rename(id, "After").await;
    let answer = here.service.get_in(&here.token().await, &path).await;
    assert_eq!((answer.version(), answer.layer()), (version, "primary"));
    let list = here.service.get_in(&here.token().await, "/v1/products").await;
    assert_eq!((list.is_stale(), list.layer()), (false, "primary"));
    replica.batch_execute("SELECT pg_wal_replay_resume()").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cache_and_strong_are_answered_as_of_a_poll_since_the_request() {
    let (here, id, path) = knowing_a_product(&SLOW).await;
    let version = here.editor.rename(id, "After").await;
    assert_eq!(here.get(&path).await.version(), version - 1, "by itself it is not found yet");
    let answer = here.service.get_with(&path, "cache-control", "no-cache").await;
    assert_eq!((answer.version(), answer.is_stale()), (version, false));
    assert_eq!(answer.header("cache-control"), "max-age=40", "it is everyone's");
    assert!(!answer.headers.contains_key(SESSION));

    let version = here.editor.rename(id, "Once more").await;
    assert_eq!(here.service.get_strong(&path).await.version(), version);
    let page = here.seen("/v1/products").await;
    here.editor.product("silk-scarf").await;
    let strong = here.service.get_strong("/v1/products").await;
    assert_eq!((strong.layer(), strong.is_stale()), ("primary", false));
    let count = |page: &Answer| page.json()["items"].as_array().unwrap().len();
    assert_eq!((count(&page), count(&strong)), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_wait_share_a_poll() {
    let (here, _, path) = knowing_a_product(&SLOW).await;
    let polls = || here.service.counted("vitrina_polls_total", &["outcome=\"counted\""]);
    let before = polls().await;
    let reads = (0..200).map(|_| here.service.get_strong(&path));
    let answers = futures::future::join_all(reads).await;
    assert!(answers.iter().all(|answer| answer.status.is_success()));
    let asked = polls().await - before;
    assert!((1..60).contains(&asked), "{asked} polls for 200 reads");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nothing_can_be_proven_strong_fails_and_others_are_told() {
    let settings = [("FRESHNESS__BOUND", "1s"), ("KAFKA__BROKERS", "127.0.0.1:1")];
    let (here, id, path) = knowing_a_product(&settings).await;
    here.seen("/v1/products").await;
    let version = here.editor.rename(id, "After").await;
    let session = here.token().await;
    here.editor.run("DELETE FROM incarnation").await;
    for path in [&path, "/v1/products"] {
        let strong = here.service.get_strong(path).await;
        assert_eq!(strong.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(strong.json()["type"], "/problems/unavailable");
        let answer = here.service.get_in(&session, path).await;
        assert!(answer.status.is_success() && answer.is_stale(), "{answer:?}");
    }
    let unmet = here.service.counted("vitrina_demands_total", &["session", "unmet"]).await;
    assert_eq!(unmet, 2);
    here.editor.begin_epoch().await;
    eventually("strong is answered again", async || {
        let strong = here.service.get_strong(&path).await;
        (strong.status.is_success() && strong.version() == version).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_from_an_earlier_epoch_is_told_that_it_may_be_lost() {
    let (here, _, path) = knowing_a_product(&SLOW).await;
    let session = here.token().await;
    let seen = here.service.get_in(&session, &path).await;
    assert_eq!(seen.header(LOST), "");
    here.editor.begin_epoch().await;
    // A pod that has not heard of the epoch answers as before; a later token makes it ask.
    let later = here.service.get_in(&here.token().await, &path).await;
    assert_eq!((later.header(LOST), later.is_stale()), ("", false));
    let lost = here.service.get_in(&session, &path).await;
    assert_eq!((lost.status, lost.header(LOST)), (StatusCode::OK, "?1"));
    let page = here.service.get_in(&session, "/v1/products").await;
    assert_eq!(page.header(LOST), "?1");
    let next = here.service.get_in(lost.header(SESSION), &path).await;
    assert_eq!((next.header(LOST), next.is_stale()), ("", false));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_token_is_refused_and_a_browser_forgets_it() {
    let (here, _, path) = knowing_a_product(&[]).await;
    let session = here.token().await;
    let tampered = format!("{}{}", &session[..20], session[20..].to_uppercase());
    for wrong in ["x", &tampered, &"A".repeat(5000)] {
        let refused = here.service.get_in(wrong, &path).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.json()["errors"][0]["parameter"], SESSION);
        let cookie = format!("a=1; vitrina_session={wrong}");
        let forgotten = here.service.get_with(&path, "cookie", &cookie).await;
        assert_eq!(forgotten.status, StatusCode::OK);
        assert!(forgotten.header("set-cookie").ends_with("Max-Age=0"), "{forgotten:?}");
    }
    let unknown = here.service.get_with(&path, "vitrina-consistency", "weak").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_carries_it_in_a_cookie() {
    let settings = [("SESSION__COOKIE_DOMAIN", "shop.example")];
    let (here, _, path) = knowing_a_product(&settings).await;
    let cookie = format!("a=1; vitrina_session={}", here.token().await);
    let answer = here.service.get_with(&path, "cookie", &cookie).await;
    // What the browser has may be of before the next write; the tag makes asking again cheap.
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let given = answer.header("set-cookie");
    assert!(given.starts_with("vitrina_session=") && given.contains("Domain=shop.example"));
    assert!(!here.get(&path).await.headers.contains_key("set-cookie"));
}
