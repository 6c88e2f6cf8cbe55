//! Imports: good lines, the same lines again, and lines that change what was loaded.

use futures::future::join_all;
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::import_broken_off::in_pieces;
use crate::publisher_rig::eventually;
use crate::samples::{category, plain, sock};
use crate::service::{Answer, Service, send};

/// A document as a line of an import.
pub(crate) fn line(kind: &str, mut document: Value) -> String {
    document["kind"] = json!(kind);
    format!("{document}\n")
}

/// Sends a body as an import.
pub(crate) async fn import(service: &Service, body: impl Into<reqwest::Body>) -> Answer {
    let request = service.request(Method::POST, "/v1/imports");
    send(request.header(CONTENT_TYPE, "application/x-ndjson").body(body)).await
}

/// Created, updated, unchanged, rejected.
pub(crate) fn counts(import: &Answer) -> [i64; 4] {
    ["created", "updated", "unchanged", "rejected"].map(|name| import.body[name].as_i64().unwrap())
}

/// Line, pointer and code of each error.
pub(crate) fn errors(import: &Answer) -> Vec<(i64, &str, &str)> {
    let items = import.body["errors"]["items"].as_array().unwrap();
    items
        .iter()
        .map(|error| {
            let text = |name: &str| error[name].as_str().unwrap();
            (error["line"].as_i64().unwrap(), text("pointer"), text("code"))
        })
        .collect()
}

/// The product with this slug, as it is read.
pub(crate) async fn product(service: &Service, slug: &str) -> Value {
    let rows = service
        .database()
        .await
        .query("SELECT id::text FROM product WHERE slug = $1 AND deleted_at IS NULL", &[&slug])
        .await
        .unwrap();
    let id: String = rows[0].get(0);
    service.get(&format!("/v1/products/{id}")).await.is(200).body
}

fn catalog() -> String {
    let mut child = category("wool-socks");
    child["external_key"] = json!("c-2");
    child["parent"] = json!({"external_key": "c-1"});
    let mut parent = category("socks");
    parent["external_key"] = json!("c-1");
    let mut garter = plain("garter");
    garter["external_key"] = json!("erp-garter");
    let mut sock = sock("wool-sock");
    sock["categories"] = json!([{"slug": "wool-socks", "position": 7}, {"external_key": "c-1"}]);
    sock["relations"] = json!([{"kind": "accessory", "product": {"external_key": "erp-garter"}}]);
    [
        line("category", parent),
        line("category", child),
        line("product", garter),
        line("product", sock),
    ]
    .concat()
}

#[tokio::test]
async fn a_good_import_is_loaded_and_the_same_again_changes_nothing() {
    let service = Service::start().await;
    let first = import(&service, catalog()).await.is(201);
    assert_eq!(counts(&first), [4, 0, 0, 0], "{:#}", first.body);
    assert_eq!(first.body["state"], "finished");
    assert_eq!(first.body["lines_total"], 4);
    let place = format!("/v1/imports/{}", first.id());
    assert_eq!(first.header("location"), Some(place.as_str()));
    assert_eq!(service.get(&place).await.is(200).body, first.body);

    let loaded = product(&service, "wool-sock").await;
    assert_eq!(loaded["version"], 1);
    assert_eq!(loaded["variants"][0]["prices"].as_array().unwrap().len(), 2);
    assert_eq!(loaded["categories"].as_array().unwrap().len(), 2);
    assert_eq!(loaded["media"][0]["variant_sku"], "wool-sock-red-m");
    let stock = format!("/v1/products/{}/stock", loaded["id"].as_str().unwrap());
    assert_eq!(service.get(&stock).await.is(200).body["variants"][0]["quantity"], 10);

    let again = import(&service, catalog()).await.is(201);
    assert_eq!(counts(&again), [0, 0, 4, 0], "{:#}", again.body);
    assert_eq!(product(&service, "wool-sock").await, loaded);
}

#[tokio::test]
async fn a_changed_line_changes_its_product_once_and_no_other() {
    let service = Service::start().await;
    import(&service, catalog()).await.is(201);
    let before = product(&service, "wool-sock").await;
    let mut changed = sock("wool-sock");
    changed["slug"] = json!("woollen-sock");
    changed["translations"]["en"]["name"] = json!("Woollen sock");
    changed["variants"][0]["prices"][0]["amount"] = json!(1100);
    changed["variants"][1]["sku"] = json!("wool-sock-green-m");
    changed["variants"][1]["options"]["color"] = json!("green");
    changed["media"] = json!([{"url": "https://cdn.test/wool-sock.jpg"}]);
    let mut garter = plain("garter");
    garter["external_key"] = json!("erp-garter");
    let body = line("product", changed) + &line("product", garter);
    let second = import(&service, body).await.is(201);
    assert_eq!(counts(&second), [0, 1, 1, 0], "{:#}", second.body);

    let after = product(&service, "woollen-sock").await;
    assert_eq!(after["id"], before["id"]);
    assert_eq!(after["version"], 2, "once for all tables together");
    assert_eq!(after["variants"][0]["id"], before["variants"][0]["id"], "matched by SKU");
    assert_ne!(after["variants"][1]["id"], before["variants"][1]["id"]);
    assert_eq!(after["variants"][1]["sku"], "wool-sock-green-m");
    assert_eq!(after["media"].as_array().unwrap().len(), 1);
    assert_eq!(after["categories"], json!([]), "what a line leaves out is taken away");
    assert_eq!(product(&service, "garter").await["version"], 1);

    let history = format!("/v1/products/{}/revisions", after["id"].as_str().unwrap());
    let history = service.get(&history).await.is(200);
    assert_eq!(history.body["items"][0]["action"], "import");
    assert_eq!(history.body["items"][0]["version"], 2);
}

#[tokio::test]
async fn a_product_without_a_key_is_matched_by_sku_and_keeps_its_key() {
    let service = Service::start().await;
    import(&service, catalog()).await.is(201);
    let mut garter = plain("garter");
    garter["brand"] = json!("Strick & Co");
    let second = import(&service, line("product", garter)).await.is(201);
    assert_eq!(counts(&second), [0, 1, 0, 0], "{:#}", second.body);
    let after = product(&service, "garter").await;
    assert_eq!(after["brand"], "Strick & Co");
    assert_eq!(after["external_key"], "erp-garter");
}

#[tokio::test]
async fn a_product_that_has_no_key_yet_is_matched_by_sku_and_gets_the_lines_key() {
    let service = Service::start().await;
    let made = service.post("/v1/products", &plain("garter")).await.is(201);
    let mut garter = plain("garter");
    garter["external_key"] = json!("erp-garter");
    let first = import(&service, line("product", garter.clone())).await.is(201);
    assert_eq!(counts(&first), [0, 1, 0, 0], "{:#}", first.body);
    let after = product(&service, "garter").await;
    assert_eq!((&after["id"], &after["external_key"]), (&made.body["id"], &json!("erp-garter")));

    // Now that it has a key, it is not another's; and a line may mean what an earlier one has made.
    let mut other = plain("suspender");
    other["external_key"] = json!("erp-suspender");
    other["variants"] = json!([{"sku": "garter-1"}]);
    let glove = plain("glove");
    let mut keyed = glove.clone();
    keyed["external_key"] = json!("erp-glove");
    let body = [garter, other, glove, keyed].map(|one| line("product", one)).concat();
    let second = import(&service, body).await.is(201);
    assert_eq!(counts(&second), [1, 1, 1, 1], "{:#}", second.body);
    assert_eq!(errors(&second), [(2, "/variants/0/sku", "taken")]);
    assert_eq!(product(&service, "glove").await["external_key"], "erp-glove");
}

#[tokio::test]
async fn stock_alone_raises_the_version_only_when_shoppers_see_it() {
    let service = Service::start().await;
    let mut sock = sock("wool-sock");
    import(&service, line("product", sock.clone())).await.is(201);
    sock["variants"][0]["stock"] = json!([{"location": "main", "quantity": 9}]);
    let second = import(&service, line("product", sock.clone())).await.is(201);
    assert_eq!(counts(&second), [0, 1, 0, 0]);
    assert_eq!(product(&service, "wool-sock").await["version"], 1);
    sock["variants"][0]["stock"] = json!([{"location": "main", "quantity": 0}]);
    import(&service, line("product", sock)).await.is(201);
    assert_eq!(product(&service, "wool-sock").await["version"], 2);
}

#[tokio::test]
async fn lines_about_the_same_product_take_effect_in_order() {
    let service = Service::start().await;
    let mut body = String::new();
    for amount in [100, 200, 300] {
        let mut one = plain("garter");
        one["external_key"] = json!("erp-garter");
        one["variants"][0]["prices"] =
            json!([{"channel": "web", "currency": "EUR", "amount": amount}]);
        body += &line("product", one);
    }
    let done = import(&service, body).await.is(201);
    assert_eq!(counts(&done), [1, 2, 0, 0], "{:#}", done.body);
    let garter = product(&service, "garter").await;
    assert_eq!(garter["variants"][0]["prices"][0]["amount"], 300);
}

#[tokio::test]
async fn slugs_and_skus_pass_from_one_to_another_within_an_import() {
    let service = Service::start().await;
    let one = |key: &str, slug: &str, sku: &str| {
        let mut product = plain(slug);
        product["external_key"] = json!(key);
        product["variants"] = json!([{"sku": sku}]);
        line("product", product)
    };
    import(&service, one("a", "first", "S-1") + &one("b", "second", "S-2")).await.is(201);
    // a gives both up, c takes them; then a and b change places, which no order of single rows can.
    let passed =
        import(&service, one("a", "third", "S-3") + &one("c", "first", "S-1")).await.is(201);
    assert_eq!(counts(&passed), [1, 1, 0, 0], "{:#}", passed.body);
    assert_eq!(product(&service, "first").await["external_key"], "c");
    assert_eq!(product(&service, "third").await["external_key"], "a");
}

#[tokio::test]
async fn a_column_that_the_next_release_adds_hides_no_import() {
    let service = Service::start().await;
    let done = import(&service, line("product", plain("garter"))).await.is(201);
    let place = format!("/v1/imports/{}", done.id());
    // So that every connection of the pool has prepared its statements.
    let look = async || join_all((0..16).map(|_| service.get(&place))).await;
    look().await;
    service.database().await.batch_execute("ALTER TABLE import ADD later integer").await.unwrap();
    for answer in look().await {
        assert_eq!(answer.is(200).body, done.body);
    }
    import(&service, line("product", plain("garter-belt"))).await.is(201);
}

#[tokio::test]
async fn what_was_loaded_is_said_even_when_its_errors_cannot_be_read() {
    let service = Service::start().await;
    // Errors can still be written and counted.
    let hide = "REVOKE SELECT ON import_error FROM vitrina_admin;
                GRANT SELECT (import_id) ON import_error TO vitrina_admin";
    service.database().await.batch_execute(hide).await.unwrap();
    let body = line("product", plain("garter")) + "{\"kind\":\"product\"}\n";
    let done = import(&service, body).await.is(201);
    assert_eq!((&done.body["state"], counts(&done)), (&json!("finished"), [1, 0, 0, 1]));
    assert!(errors(&done).is_empty());

    let show = "GRANT SELECT ON import_error TO vitrina_admin";
    service.database().await.batch_execute(show).await.unwrap();
    let next = done.body["errors"]["next"].as_str().unwrap();
    let place = format!("{}?cursor={next}", done.header("location").unwrap());
    assert!(!errors(&service.get(&place).await.is(200)).is_empty());
}

/// When the planner was last told of the products, as far as it is counted.
async fn told(database: &Client) -> Option<Timestamp> {
    let analyzed = "SELECT last_analyze FROM pg_stat_user_tables WHERE relname = 'product'";
    database.query_one(analyzed, &[]).await.unwrap().get(0)
}

fn socks(many: u32) -> String {
    (0..many).map(|number| line("product", plain(&format!("sock-{number}")))).collect()
}

#[tokio::test]
async fn after_a_large_import_the_planner_knows_the_tables() {
    // In batches that do not end where it is told in between.
    let service = Service::start_with(&[("VITRINA_IMPORT__BATCH_LINES", "900")]).await;
    let small = import(&service, line("product", plain("garter"))).await.is(201);
    assert_eq!(counts(&small), [1, 0, 0, 0]);
    let database = service.database().await;
    assert_eq!(told(&database).await, None);
    let large = import(&service, socks(2_000)).await.is(201);
    assert_eq!(counts(&large), [2_000, 0, 0, 0]);
    // The figure is counted a moment after the fact.
    eventually("it is counted", async || told(&database).await.is_some()).await;
    let rows = "SELECT reltuples::bigint FROM pg_class WHERE relname = 'product'";
    assert_eq!(database.query_one(rows, &[]).await.unwrap().get::<_, i64>(0), 2_001);
    let ended: Timestamp = large.body["finished_at"].as_str().unwrap().parse().unwrap();
    assert!(told(&database).await.unwrap() <= ended);
}

#[tokio::test]
async fn while_a_large_import_runs_the_planner_knows_the_tables_already() {
    let service = Service::start().await;
    let (pieces, body) = in_pieces();
    let sending = import(&service, body);
    let looking = async {
        pieces.send(Ok(socks(1_000))).await.unwrap();
        let database = service.database().await;
        eventually("it is counted", async || told(&database).await.is_some()).await;
        drop(pieces);
    };
    let (done, ()) = tokio::join!(sending, looking);
    assert_eq!(counts(&done.is(201)), [1_000, 0, 0, 0]);
}
