//! Bodies that cannot be read.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, IF_MATCH};

use crate::samples::plain;
use crate::service::{Answer, Service, send};

async fn post(service: &Service, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = service.request(Method::POST, "/v1/products");
    send(request.header(CONTENT_TYPE, content_type).body(body)).await
}

#[tokio::test]
async fn broken_json_says_where() {
    let service = Service::start().await;
    let answer = post(&service, "application/json", "{\n  \"slug\": oops\n}").await.is(400);
    assert_eq!(answer.body["type"], "/problems/broken-json");
    assert_eq!(answer.body["line"], 2);
    assert_eq!(answer.body["column"], 11);
    for broken in ["", "{", "{\"slug\": \"a\"} x", "{\"slug\": \"\u{1}\"}"] {
        post(&service, "application/json", broken).await.is(400);
    }
    post(&service, "application/json", b"{\"slug\": \"\xff\"}".to_vec()).await.is(400);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    post(&service, "application/json", deep).await.is(400);
}

#[tokio::test]
async fn other_media_types_are_refused() {
    let service = Service::start().await;
    let text = plain("sock").to_string();
    for wrong in ["text/plain", "application/xml", "application/merge-patch+json", "json"] {
        let answer = post(&service, wrong, text.clone()).await.is(415);
        assert_eq!(answer.body["type"], "/problems/unsupported-media-type", "{wrong}");
    }
    let created = post(&service, "Application/JSON; charset=utf-8", text).await.is(201);
    let patch = service
        .request(Method::PATCH, &format!("/v1/products/{}", created.id()))
        .header(IF_MATCH, created.etag())
        .json(&serde_json::json!({}));
    send(patch).await.is(415);
}

#[tokio::test]
async fn too_long_a_body_is_refused() {
    let service = Service::start_with(&[("VITRINA_HTTP__MAX_BODY_BYTES", "2000")]).await;
    let mut product = plain("sock");
    product["brand"] = "x".repeat(2000).into();
    let answer = post(&service, "application/json", product.to_string()).await.is(413);
    assert_eq!(answer.body["type"], "/problems/body-too-large");
    post(&service, "application/json", plain("sock").to_string()).await.is(201);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let service = Service::start().await;
    let answer = service.get("/v1/nothing").await.is(404);
    assert_eq!(answer.body["type"], "/problems/not-found");
    let answer = send(service.request(Method::DELETE, "/v1/products")).await.is(405);
    assert_eq!(answer.body["type"], "/problems/method-not-allowed");
    assert!(answer.header("allow").unwrap().contains("POST"));
}

#[tokio::test]
async fn a_member_that_is_named_twice_is_told() {
    let service = Service::start().await;
    let twice =
        "{\"slug\": \"sock\",\n \"translations\": {\"en\": {\"name\": \"a\", \"name\": \"b\"}}}";
    let answer = post(&service, "application/json", twice).await.is(400);
    assert_eq!(answer.body["type"], "/problems/broken-json");
    assert_eq!(answer.body["line"], 2);
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(detail.contains("the member `name` is named twice"), "{detail}");
}
