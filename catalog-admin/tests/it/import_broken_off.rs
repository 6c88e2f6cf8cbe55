//! Imports whose sender goes, and those whose primary does; and that memory does not grow.

use devstack::{Component, TestStack};
use futures::StreamExt as _;
use futures::stream;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::imports::{counts, import, line, product};
use crate::samples::plain;
use crate::service::{Service, connect, wait_until};
use catalog_admin::auth::Role;

fn lines(from: u32, to: u32) -> String {
    let keyed = |number: u32| {
        let mut product = plain(&format!("product-{number}"));
        product["external_key"] = json!(format!("key-{number}"));
        line("product", product)
    };
    (from..to).map(keyed).collect()
}

/// The state, created and failure of the newest import.
async fn newest(service: &Service) -> Option<(String, String, i64)> {
    let rows = service
        .database()
        .await
        .query("SELECT id::text, state, created FROM import ORDER BY started_at DESC LIMIT 1", &[])
        .await
        .unwrap();
    rows.first().map(|row| (row.get(0), row.get(1), row.get(2)))
}

/// Begins an import of which more is announced than is sent.
async fn send_a_part(service: &Service, part: &str) -> TcpStream {
    let address = service.root.trim_start_matches("http://");
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/imports HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n\r\n",
        service.token(Role::Editor),
        part.len() + 100_000,
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(part.as_bytes()).await.unwrap();
    connection
}

pub(crate) type Pieces = mpsc::Sender<Result<String, std::io::Error>>;

/// A body that goes on for as long as somebody has the sender.
pub(crate) fn in_pieces() -> (Pieces, reqwest::Body) {
    let (pieces, body) = mpsc::channel(1);
    let body =
        stream::unfold(body, async |mut body: mpsc::Receiver<_>| Some((body.recv().await?, body)));
    (pieces, reqwest::Body::wrap_stream(body))
}

/// Waits until the newest import has created so many.
pub(crate) async fn created(service: &Service, many: i64) {
    wait_until("the batches are in", async || {
        newest(service).await.is_some_and(|(_, _, created)| created == many)
    })
    .await;
}

#[tokio::test]
async fn a_lost_connection_fails_the_import_and_what_committed_is_told() {
    let service = Service::start_with(&[("VITRINA_IMPORT__BATCH_LINES", "10")]).await;
    let connection = send_a_part(&service, &(lines(0, 25) + "{\"kind\":\"prod")).await;
    wait_until("two batches are in", async || {
        newest(&service).await.is_some_and(|(_, _, created)| created == 20)
    })
    .await;
    drop(connection);
    wait_until("the import has ended", async || {
        newest(&service).await.is_some_and(|(_, state, _)| state != "running")
    })
    .await;
    let (id, state, created) = newest(&service).await.unwrap();
    assert_eq!((state.as_str(), created), ("failed", 20));
    let told = service.get(&format!("/v1/imports/{id}")).await.is(200);
    assert_eq!(told.body["failure"], "the connection was lost before the body's end");
    let rows = service.database().await.query("SELECT FROM product", &[]).await.unwrap();
    assert_eq!(rows.len(), 20, "as many as are told");

    let again = import(&service, lines(0, 25)).await.is(201);
    assert_eq!(counts(&again), [5, 0, 20, 0]);
}

#[tokio::test]
async fn a_silent_sender_is_given_up() {
    let service = Service::start_with(&[("VITRINA_IMPORT__IDLE", "200ms")]).await;
    let _connection = send_a_part(&service, &lines(0, 3)).await;
    wait_until("the import has ended", async || {
        newest(&service).await.is_some_and(|(_, state, _)| state == "failed")
    })
    .await;
}

#[tokio::test]
async fn more_imports_than_may_run_are_told_to_come_again() {
    let service = Service::start_with(&[("VITRINA_IMPORT__CONCURRENT", "1")]).await;
    let _connection = send_a_part(&service, &lines(0, 3)).await;
    wait_until("the import runs", async || newest(&service).await.is_some()).await;
    let answer = import(&service, lines(0, 1)).await.is(503);
    assert!(answer.header("retry-after").is_some());
}

#[tokio::test]
async fn an_import_that_nobody_runs_any_more_is_told_as_failed() {
    let service = Service::start().await;
    let id = "00000000-0000-4000-8000-000000000001";
    let insert = format!("INSERT INTO import (id, actor, created) VALUES ('{id}', 'gone', 7)");
    service.database().await.batch_execute(&insert).await.unwrap();
    let told = service.get(&format!("/v1/imports/{id}")).await.is(200);
    assert_eq!((&told.body["state"], &told.body["created"]), (&json!("failed"), &json!(7)));

    let _connection = send_a_part(&service, &lines(0, 3)).await;
    wait_until("an import runs", async || {
        newest(&service).await.is_some_and(|(_, state, _)| state == "running")
    })
    .await;
    let (id, ..) = newest(&service).await.unwrap();
    let told = service.get(&format!("/v1/imports/{id}")).await.is(200);
    assert_eq!(told.body["state"], "running", "somebody runs it");
}

#[tokio::test]
async fn without_the_primary_the_answer_is_503_and_the_import_tells_the_truth() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    let settings = [("VITRINA_IMPORT__BATCH_LINES", "10"), ("VITRINA_IMPORT__PATIENCE", "500ms")];
    let service = Service::start_on(here, &settings).await;
    let (pieces, body) = in_pieces();
    let sending = import(&service, body);
    let breaking = async {
        pieces.send(Ok(lines(0, 20))).await.unwrap();
        created(&service, 20).await;
        stack.kill(Component::Primary).await;
        pieces.send(Ok(lines(20, 40))).await.unwrap();
        drop(pieces);
    };
    let (answer, ()) = tokio::join!(sending, breaking);
    let answer = answer.is(503);
    stack.start(Component::Primary).await.unwrap();
    let place = format!("/v1/imports/{}", answer.body["import"].as_str().unwrap());
    wait_until("the import is told to have failed", async || {
        let told = service.get(&place).await;
        told.status == 200 && told.body["state"] == "failed"
    })
    .await;
    let told = service.get(&place).await.is(200);
    let rows = service.database().await.query("SELECT FROM product", &[]).await.unwrap();
    assert_eq!(told.body["created"], rows.len());
    product(&service, "product-19").await;
}

#[tokio::test]
async fn a_primary_that_is_away_for_a_moment_neither_breaks_an_import_nor_doubles_it() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    let service = Service::start_on(here, &[("VITRINA_IMPORT__BATCH_LINES", "10")]).await;
    let (pieces, body) = in_pieces();
    let sending = import(&service, body);
    let breaking = async {
        pieces.send(Ok(lines(0, 20))).await.unwrap();
        created(&service, 20).await;
        cut_off_a_commit(&service, async || pieces.send(Ok(lines(20, 30))).await.unwrap()).await;
        created(&service, 30).await;
        stack.kill(Component::Primary).await;
        pieces.send(Ok(lines(30, 40))).await.unwrap();
        stack.start(Component::Primary).await.unwrap();
        drop(pieces);
    };
    let (answer, ()) = tokio::join!(sending, breaking);
    assert_eq!(counts(&answer.is(201)), [40, 0, 0, 0]);
    let rows = service.database().await.query("SELECT FROM product", &[]).await.unwrap();
    assert_eq!(rows.len(), 40);
}

/// Has the primary commit what `write` makes the service write, and not say so.
async fn cut_off_a_commit(service: &Service, write: impl AsyncFnOnce()) {
    let superuser = connect(&service.here.primary.superuser).await;
    let (probe, table) = (connect(&service.here.primary.superuser).await, "CREATE TABLE probe ()");
    probe.batch_execute(table).await.unwrap();
    superuser.batch_execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'").await.unwrap();
    superuser.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    // From when on commits wait is told by one that does.
    let probing = tokio::spawn(async move {
        while probe.batch_execute("INSERT INTO probe DEFAULT VALUES").await.is_ok() {}
    });
    let waiting = async |application: &str| {
        let sql = "
            SELECT pid FROM pg_stat_activity
            WHERE wait_event = 'SyncRep' AND application_name = $1";
        superuser.query_opt(sql, &[&application]).await.unwrap().map(|row| row.get::<_, i32>(0))
    };
    wait_until("commits wait", async || waiting("").await.is_some()).await;
    write().await;
    wait_until("the commit waits", async || waiting("catalog-admin").await.is_some()).await;
    let pid = waiting("catalog-admin").await.unwrap();
    superuser.query_one("SELECT pg_terminate_backend($1)", &[&pid]).await.unwrap();
    probing.abort();
    superuser.batch_execute("ALTER SYSTEM RESET synchronous_standby_names").await.unwrap();
    superuser.batch_execute("SELECT pg_reload_conf()").await.unwrap();
}

#[tokio::test]
async fn an_import_whose_claim_is_lost_claims_it_again() {
    let service = Service::start_with(&[("VITRINA_IMPORT__BATCH_LINES", "10")]).await;
    let (pieces, body) = in_pieces();
    let sending = import(&service, body);
    let breaking = async {
        pieces.send(Ok(lines(0, 20))).await.unwrap();
        created(&service, 20).await;
        let superuser = connect(&service.here.primary.superuser).await;
        let holder = async || {
            let sql = "
                SELECT a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                WHERE l.locktype = 'advisory' AND l.granted AND a.datname = $1
                    AND a.application_name = 'catalog-admin' AND a.state = 'idle'";
            let row = superuser.query_opt(sql, &[&service.here.name]).await.unwrap();
            row.map(|row| row.get::<_, i32>(0))
        };
        let first = holder().await.unwrap();
        superuser.query_one("SELECT pg_terminate_backend($1)", &[&first]).await.unwrap();
        wait_until("it is claimed again", async || holder().await.is_some_and(|pid| pid != first))
            .await;
        let (id, ..) = newest(&service).await.unwrap();
        let told = service.get(&format!("/v1/imports/{id}")).await.is(200);
        assert_eq!(told.body["state"], "running");
        pieces.send(Ok(lines(20, 25))).await.unwrap();
        drop(pieces);
    };
    let (answer, ()) = tokio::join!(sending, breaking);
    assert_eq!(counts(&answer.is(201)), [25, 0, 0, 0]);
}

#[tokio::test]
async fn an_import_that_was_settled_loads_no_more_and_is_not_told_as_finished() {
    let service = Service::start_with(&[("VITRINA_IMPORT__BATCH_LINES", "10")]).await;
    for rest in [lines(20, 40), String::new()] {
        let (pieces, body) = in_pieces();
        let sending = import(&service, body);
        let settling = async {
            pieces.send(Ok(lines(0, 20))).await.unwrap();
            let loaded = "SELECT FROM import WHERE state = 'running' AND lines_total = 20";
            let database = service.database().await;
            wait_until("two batches are in", async || {
                database.query_opt(loaded, &[]).await.unwrap().is_some()
            })
            .await;
            let settle = "UPDATE import SET state = 'failed', finished_at = now(), failure = 'gone'
                          WHERE state = 'running'";
            database.batch_execute(settle).await.unwrap();
            pieces.send(Ok(rest)).await.unwrap();
            drop(pieces);
        };
        let (answer, ()) = tokio::join!(sending, settling);
        let answer = answer.is(500);
        let place = format!("/v1/imports/{}", answer.body["import"].as_str().unwrap());
        let told = service.get(&place).await.is(200);
        assert_eq!(
            (&told.body["failure"], &told.body["lines_total"]),
            (&json!("gone"), &json!(20))
        );
        let rows = service.database().await.query("SELECT FROM product", &[]).await.unwrap();
        assert_eq!(rows.len(), 20);
    }
}

#[tokio::test]
async fn a_fault_of_the_primarys_is_not_told_as_wrong_lines() {
    let service = Service::start().await;
    let fault = "REVOKE INSERT ON media FROM vitrina_admin";
    service.database().await.batch_execute(fault).await.unwrap();
    let mut sock = plain("sock");
    sock["media"] = json!([{"url": "https://cdn.test/sock.jpg"}]);
    let answer = import(&service, line("product", sock)).await.is(500);
    let place = format!("/v1/imports/{}", answer.body["import"].as_str().unwrap());
    let told = service.get(&place).await.is(200);
    assert_eq!((&told.body["state"], counts(&told)), (&json!("failed"), [0, 0, 0, 0]));
}

/// 200 MB of lines, in megabytes that exist one at a time, through a service whose process must not
/// grow by a fraction of that.
#[tokio::test]
async fn memory_does_not_grow_with_the_body() {
    const MEGABYTES: usize = 200;
    let service = Service::start().await;
    let piece = format!("{{\"kind\":\"product\",\"slug\":\"{}\"}}\n", "x".repeat(65_490));
    let megabyte = bytes::Bytes::from(piece.repeat(16));
    let before = resident_megabytes();
    let body = stream::iter(0..MEGABYTES).map(move |_| Ok::<_, std::io::Error>(megabyte.clone()));
    let done = import(&service, reqwest::Body::wrap_stream(body)).await.is(201);
    assert_eq!(counts(&done), [0, 0, 0, 16 * 200]);
    let grown = peak_megabytes().saturating_sub(before);
    assert!(grown < 150, "{grown} MB more for a body of {MEGABYTES} MB");
}

fn resident_megabytes() -> u64 {
    status_megabytes("VmRSS:")
}

fn peak_megabytes() -> u64 {
    status_megabytes("VmHWM:")
}

/// A line of `/proc/self/status`, in kilobytes there.
fn status_megabytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1_024
}
