//! Bodies that cannot be read, or only with effort.

use std::fmt::Write as _;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, IF_MATCH};
use tokio::time::{Instant, sleep};

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
    assert_eq!(answer.body["detail"], "There is nothing at /v1/nothing.");
    let answer = send(service.request(Method::DELETE, "/v1/products")).await.is(405);
    assert_eq!(answer.body["type"], "/problems/method-not-allowed");
    assert!(answer.header("allow").unwrap().contains("POST"));
    assert!(answer.body["detail"].as_str().unwrap().starts_with("/v1/products does not take"));
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

/// The longest time for which nothing else could run on the runtime that `work` runs on.
async fn longest_pause<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let mut longest = Duration::ZERO;
    let watch = async {
        loop {
            let begun = Instant::now();
            sleep(Duration::from_millis(5)).await;
            longest = longest.max(begun.elapsed());
        }
    };
    let done = tokio::select! {
        done = work => done,
        () = watch => unreachable!("it never ends"),
    };
    (done, longest)
}

#[tokio::test]
async fn a_body_full_of_elements_is_answered_soon() {
    let service = Service::start().await;
    // Every option is compared with those before it, and every variant with every option.
    let mut body = "{\"slug\": \"sock\", \"options\": [".to_owned();
    (0..60_000).for_each(|number| write!(body, "\"{number:x}\",").unwrap());
    body.push_str("\"last\"], \"variants\": [{}");
    (0..100_000).for_each(|_| body.push_str(",{}"));
    body.push_str("]}");
    let answer = post(&service, "application/json", body).await.is(422);
    let pointers = answer.pointers();
    assert!(pointers.contains(&"/options") && pointers.contains(&"/variants"), "{pointers:?}");
}

#[tokio::test]
async fn a_body_that_takes_long_to_check_keeps_nothing_else_waiting() {
    let service = Service::start().await;
    // It is read again after each wrong field.
    let mut body = "{\"slug\": \"sock\", \"media\": [".to_owned();
    (0..150).for_each(|number| write!(body, "{{\"unknown-{number}\": 1}},").unwrap());
    (0..50_000).for_each(|_| body.push_str("{\"url\": \"\"},"));
    body.push_str("{}]}");
    let begun = Instant::now();
    let (answer, pause) = longest_pause(post(&service, "application/json", body)).await;
    answer.is(422);
    assert!(pause < Duration::from_millis(500), "{pause:?} of {:?}", begun.elapsed());
}
