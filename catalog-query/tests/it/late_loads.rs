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

/// What the statements have in them that read products, slugs and SKUs, and lists.
const PRODUCTS: &str = "product_document";
const LOOKUPS: &str = "lookup_id";
const LISTS: &str = "created_at";

impl Here {
    /// Shuts the gate and asks; waits until the replica has run the statement and its answer waits.
    async fn ask_and_hold(&self, gate: &Gate, path: &str, statement: &str) -> JoinHandle<Answer> {
        let replica = Replica::connect(self).await;
        let since = replica.now().await;
        gate.shut();
        let asked = ask(self, path);
        eventually("the statement has been run", async || {
            replica.has_run(statement, &since).await.then_some(())
        })
        .await;
        gate.until_one_waits().await;
        asked
    }

    /// The same with a list. While no beat dates what the replica gives, the primary is asked first; then
    /// another list is asked for.
    async fn ask_and_hold_list(&self, gate: &Gate) -> JoinHandle<Answer> {
        let replica = Replica::connect(self).await;
        let mut limit = 1;
        eventually("a list is held up", async || {
            gate.open();
            let since = replica.now().await;
            gate.shut();
            limit += 1;
            let asked = ask(self, &format!("/v1/products?limit={limit}"));
            while !asked.is_finished() {
                if replica.has_run(LISTS, &since).await {
                    gate.until_one_waits().await;
                    return Some(asked);
                }
            }
            None
        })
        .await
    }

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

/// What the replica runs for the service. It is asked past the gate.
struct Replica {
    client: tokio_postgres::Client,
    database: String,
}

impl Replica {
    async fn connect(here: &Here) -> Self {
        let client = Editor::connect(&here.stores.replica.superuser).await;
        Self { client, database: here.stores.name.clone() }
    }

    /// Replay may end a statement on a replica; then it is sent again.
    async fn now(&self) -> String {
        eventually("the replica tells its time", async || {
            let row = self.client.query_one("SELECT clock_timestamp()::text", &[]).await;
            row.ok().map(|row| row.get(0))
        })
        .await
    }

    /// Whether a statement that has this in it was begun after `since` and has ended.
    async fn has_run(&self, statement: &str, since: &str) -> bool {
        let sql = "
            SELECT FROM pg_stat_activity
            WHERE datname = $1 AND state = 'idle' AND query LIKE '%' || $2 || '%'
              AND query_start > $3::text::timestamptz";
        let found = self.client.query(sql, &[&self.database, &statement, &since]).await;
        found.is_ok_and(|rows| !rows.is_empty())
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
        let asked = here.ask_and_hold(&gate, &path, PRODUCTS).await;
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
    // It is within the bound still, or is loaded for the request; either way a load is under way.
    let asked = here.ask_and_hold(&gate, &path, PRODUCTS).await;
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
        let asked = here.ask_and_hold(&gate, path, LOOKUPS).await;
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
    let asked = here.ask_and_hold_list(&gate).await;
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
