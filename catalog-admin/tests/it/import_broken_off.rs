//! Imports whose sender goes, and those whose primary does; and that memory does not grow.

use devstack::{Component, TestStack};
use futures::StreamExt as _;
use futures::stream;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::imports::{counts, import, line, product};
use crate::samples::plain;
use crate::service::{Service, wait_until};
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
    let service = Service::start_on(here, &[("VITRINA_IMPORT__BATCH_LINES", "10")]).await;
    let (pieces, body) = tokio::sync::mpsc::channel::<Result<String, std::io::Error>>(1);
    let body = stream::unfold(body, async |mut body| Some((body.recv().await?, body)));
    let sending = import(&service, reqwest::Body::wrap_stream(body));
    let breaking = async {
        pieces.send(Ok(lines(0, 20))).await.unwrap();
        wait_until("the first batches are in", async || {
            newest(&service).await.is_some_and(|(_, _, created)| created == 20)
        })
        .await;
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
