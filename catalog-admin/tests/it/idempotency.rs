//! A creation that is sent again is not done again.

use futures::future::join_all;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::samples::{category, plain};
use crate::service::{Service, send};

fn keyed(service: &Service, path: &str, key: &str, body: &Value) -> RequestBuilder {
    service.request(Method::POST, path).header("idempotency-key", key).json(body)
}

async fn count(service: &Service, table: &str) -> i64 {
    let database = service.database().await;
    database.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn the_same_request_gets_the_first_answer_again() {
    let service = Service::start().await;
    for (path, body) in [("/v1/products", plain("sock")), ("/v1/categories", category("socks"))] {
        let first = send(keyed(&service, path, "k1", &body)).await.is(201);
        assert_eq!(first.header("idempotency-replayed"), None);
        let again = send(keyed(&service, path, "k1", &body)).await.is(201);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.body, first.body);
        assert_eq!(again.etag(), first.etag());
        assert_eq!(again.header("location"), first.header("location"));
    }
    assert_eq!(count(&service, "product").await, 1);
}

#[tokio::test]
async fn the_first_answer_stays_the_answer_when_the_product_has_changed() {
    let service = Service::start().await;
    let first = send(keyed(&service, "/v1/products", "k", &plain("sock"))).await.is(201);
    let place = format!("/v1/products/{}", first.id());
    service.patch(&place, first.etag(), &json!({"brand": "B"})).await.is(200);
    let again = send(keyed(&service, "/v1/products", "k", &plain("sock"))).await.is(201);
    assert_eq!(again.body, first.body);
}

#[tokio::test]
async fn another_body_under_the_same_key_is_refused() {
    let service = Service::start().await;
    send(keyed(&service, "/v1/products", "k", &plain("sock"))).await.is(201);
    let other = send(keyed(&service, "/v1/products", "k", &plain("other"))).await.is(422);
    assert_eq!(other.body["type"], "/problems/idempotency-key-reused");
    // The same key names another request on another route.
    send(keyed(&service, "/v1/categories", "k", &category("socks"))).await.is(201);
}

#[tokio::test]
async fn a_request_that_failed_can_be_corrected_under_its_key() {
    let service = Service::start().await;
    send(keyed(&service, "/v1/products", "k", &json!({"slug": "S"}))).await.is(422);
    send(keyed(&service, "/v1/products", "k", &plain("sock"))).await.is(201);
}

#[tokio::test]
async fn of_many_at_once_one_creates_and_all_get_its_answer() {
    let service = Service::start().await;
    let body = plain("sock");
    let requests = (0..8).map(|_| send(keyed(&service, "/v1/products", "k", &body)));
    let answers = join_all(requests).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:#?}");
    assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    let replayed = answers.iter().filter(|one| one.header("idempotency-replayed").is_some());
    assert_eq!(replayed.count(), 7);
    assert_eq!(count(&service, "product").await, 1);
}

#[tokio::test]
async fn an_expired_key_is_free_again_and_is_cleared_away() {
    let service = Service::start().await;
    send(keyed(&service, "/v1/products", "k", &plain("sock"))).await.is(201);
    send(keyed(&service, "/v1/products", "old", &plain("old"))).await.is(201);
    let database = service.database().await;
    let age = "UPDATE idempotency_key SET created_at = now() - interval '25 hours'";
    database.execute(age, &[]).await.unwrap();
    send(keyed(&service, "/v1/products", "k", &plain("other"))).await.is(201);
    assert_eq!(count(&service, "idempotency_key").await, 1);
}

#[tokio::test]
async fn a_key_that_is_none_is_named() {
    let service = Service::start().await;
    for key in ["", &"k".repeat(256)] {
        let answer = send(keyed(&service, "/v1/products", key, &plain("sock"))).await.is(400);
        assert_eq!(answer.body["errors"][0]["parameter"], "Idempotency-Key");
    }
}
