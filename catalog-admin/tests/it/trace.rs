//! A write carries its trace to whoever reads the write-ahead log.

use reqwest::Method;

use crate::samples::plain;
use crate::service::{Service, connect, send};

#[tokio::test]
async fn the_trace_is_in_the_transaction() {
    let service = Service::start().await;
    let superuser = connect(&service.here.primary.superuser).await;
    let slot = format!("{}_trace", service.here.slot);
    let make = "SELECT pg_create_logical_replication_slot($1, 'test_decoding', true)";
    superuser.execute(make, &[&slot]).await.unwrap();
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = service.request(Method::POST, "/v1/products").header("traceparent", parent);
    send(request.json(&plain("sock"))).await.is(201);
    let read = "SELECT data FROM pg_logical_slot_get_changes($1, NULL, NULL)";
    let rows = superuser.query(read, &[&slot]).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    superuser.execute("SELECT pg_drop_replication_slot($1)", &[&slot]).await.unwrap();
    let told = |line: &String| line.contains("vitrina.traceparent") && line.contains(parent);
    assert!(lines.iter().any(told), "{lines:#?}");
}
