//! A load has read, and its answer is late: meanwhile what it read has changed. It is never answered as
//! if it were young, and never proven again.

use std::time::{Duration, Instant};

use devstack::TestStack;
use reqwest::StatusCode;
use tokio::{task::JoinHandle, time::sleep};

use crate::support::{Answer, Editor, Gate, Here, eventually};

const BOUND: Duration = Duration::from_secs(1);
/// Loads wait longer than the answers are held up, and nothing tells of changes but polls.
const SETTINGS: [(&str, &str); 4] = [
    ("FRESHNESS__BOUND", "1s"),
    ("LOAD__LIMIT", "20s"),
    ("LOAD__WAIT", "20s"),
    ("KAFKA__BROKERS", "127.0.0.1:1"),
];

/// A service that reaches the replica through a gate.
async fn here() -> (Here, Gate) {
    let stores = TestStack::shared().unwrap().isolated().await.unwrap();
    let gate = Gate::before(&stores.replica.query).await;
    let own = [("REPLICA__URLS", gate.url()), ("REPLICA__POOL__STATEMENT_TIMEOUT", "20s")];
    // One connection: what waits is an answer, and not what would first have to be prepared.
    let more = [("LOAD__STATEMENT", "20s"), ("REPLICA__POOL__SIZE", "1")];
    let settings: Vec<_> = SETTINGS.into_iter().chain(own).chain(more).collect();
    let here = Here::on(stores, &settings).await;
    (here, gate)
}

/// Asks, beside the test.
fn ask(here: &Here, path: &str) -> JoinHandle<Answer> {
    let (client, url) = (here.service.client.clone(), here.service.url(path));
    tokio::spawn(async move { Answer::of(client.get(url).send().await.unwrap()).await })
}

impl Here {
    /// Waits for a poll that was sent after this was called: the second that counts from now.
    async fn polled(&self) {
        let polls = || self.service.counted("vitrina_polls_total", &["outcome=\"counted\""]);
        let before = polls().await;
        eventually("it polls", async || (polls().await > before + 1).then_some(())).await;
    }

    /// Has every statement prepared, so that what waits at the gate is what it gave.
    async fn warm(&self) {
        let other = self.editor.product("warm").await;
        self.seen(&format!("/v1/products/{other}")).await;
        self.seen("/v1/products/by-slug/warm").await;
        self.seen("/v1/products/by-sku/WARM").await;
        self.seen("/v1/products").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_changes_while_it_is_loaded_is_loaded_again() {
    let (here, gate) = here().await;
    here.warm().await;
    let (one, two) = (here.editor.product("one").await, here.editor.product("two").await);
    here.replayed().await;
    for (path, product) in
        [(format!("/v1/products/{one}"), one), (format!("/v1/products?ids={two}"), two)]
    {
        gate.shut();
        let asked = ask(&here, &path);
        gate.until_one_waits().await;
        let version = here.editor.rename(product, "Changed").await;
        here.polled().await;
        gate.open();
        let answer = asked.await.unwrap();
        assert!(!answer.is_stale() && answer.body_has(version), "{path}: {answer:?}");
        let again = here.get(&path).await;
        assert!(again.body_has(version), "{path}: {again:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_changes_while_it_is_refreshed_is_not_kept_as_it_was() {
    let (here, gate) = here().await;
    here.warm().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let second = here.editor.rename(id, "Second").await;
    here.polled().await;
    gate.shut();
    // It is within the bound still, or is loaded for the request; either way a load is under way.
    let asked = ask(&here, &path);
    gate.until_one_waits().await;
    let third = here.editor.rename(id, "Third").await;
    here.polled().await;
    gate.open();
    asked.await.unwrap();
    let changed = Instant::now();
    eventually("the third shows", async || {
        let answer = here.get(&path).await;
        let is_old = answer.version() < third;
        assert!(!is_old || answer.is_stale() || changed.elapsed() < BOUND, "{answer:?}");
        (!is_old).then_some(())
    })
    .await;
    assert!(second < third);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_created_while_it_is_found_absent_is_not_answered_as_absent() {
    let (here, gate) = here().await;
    here.warm().await;
    for (path, slug) in [
        ("/v1/products/by-slug/silk-scarf", "silk-scarf"),
        ("/v1/products/by-sku/FELT-HAT", "felt-hat"),
    ] {
        gate.shut();
        let asked = ask(&here, path);
        gate.until_one_waits().await;
        here.editor.product(slug).await;
        here.polled().await;
        gate.open();
        let answer = asked.await.unwrap();
        assert!(answer.status == StatusCode::OK || answer.is_stale(), "{path}: {answer:?}");
        assert_eq!(here.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_arrives_when_the_bound_has_passed_is_not_answered_as_young() {
    let (here, gate) = here().await;
    here.warm().await;
    gate.shut();
    let asked = held_list(&here, &gate).await;
    let id = here.editor.product("silk-scarf").await;
    let created = Instant::now();
    // The promise is about time, so time has to pass.
    sleep(BOUND + Duration::from_millis(200)).await;
    here.polled().await;
    gate.open();
    let answer = asked.await.unwrap();
    let items = answer.json()["items"].as_array().unwrap().clone();
    let has_it = items.iter().any(|item| item["id"] == id.to_string());
    assert!(created.elapsed() > BOUND && (has_it || answer.is_stale()), "{answer:?}");
}

/// Asks for lists until one waits at the gate: while no beat dates what the replica gives, the primary is
/// asked first.
async fn held_list(here: &Here, gate: &Gate) -> JoinHandle<Answer> {
    let mut limit = 1;
    eventually("a list waits at the gate", async || {
        limit += 1;
        let asked = ask(here, &format!("/v1/products?limit={limit}"));
        let is_answered = async {
            while !asked.is_finished() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            () = is_answered => None,
            () = gate.until_one_waits() => (!asked.is_finished()).then_some(asked),
        }
    })
    .await
}

impl Here {
    /// Waits until the replica has all that has been committed.
    async fn replayed(&self) {
        let row = self.editor.client.query_one("SELECT pg_current_wal_lsn()::text", &[]).await;
        let position: String = row.unwrap().get(0);
        let replica = Editor::connect(&self.stores.replica.superuser).await;
        let sql = "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn";
        eventually("the replica has it", async || {
            let replayed = replica.query_one(sql, &[&position]).await.ok()?;
            replayed.get::<_, bool>(0).then_some(())
        })
        .await;
    }
}

impl Answer {
    /// Whether its product, or the first of its products, is in this version.
    fn body_has(&self, version: u64) -> bool {
        let json = self.json();
        let product = if json["products"].is_array() { &json["products"][0] } else { &json };
        product["version"] == version
    }
}
