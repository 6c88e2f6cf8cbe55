use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::http::{Request, StatusCode};
use axum::routing::{get, post};
use service_kit::http::{common, request_timeout};
use service_kit::problem::{NOT_FOUND, Problem, ProblemJson};
use service_kit::settings::HttpSettings;
use service_kit::telemetry;
use tokio::sync::Barrier;

use crate::support::{ask, get as fetch, within};

async fn panics() -> &'static str {
    panic!("a mistake with a s3cret in it")
}

fn post_bytes(path: &str, length: usize) -> Request<Body> {
    let request = Request::post(path).header("content-type", "application/json");
    request.body(Body::from(vec![b' '; length])).expect("a request")
}

#[tokio::test]
async fn a_panic_is_a_problem_that_keeps_its_cause_to_itself() {
    let router = common(Router::new().route("/", get(panics)), &HttpSettings::default());
    let answer = fetch(&router, "/").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.problem()["type"], "/problems/internal");
    assert!(!answer.body.contains("s3cret"), "{}", answer.body);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_takes_too_long_is_cut_but_only_where_that_was_asked_for() {
    let slow = || async { tokio::time::sleep(Duration::from_secs(3)).await };
    let limited = Router::new().route("/limited", get(slow));
    let router = request_timeout(limited, Duration::from_secs(2)).route("/free", get(slow));
    let router = common(router, &HttpSettings::default());
    let answer = fetch(&router, "/limited").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.problem()["type"], "/problems/timeout");
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(fetch(&router, "/free").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_surplus_of_requests_is_refused_at_once() {
    let entered = Arc::new(Barrier::new(2));
    let inside = Arc::clone(&entered);
    let wait = move || {
        let inside = Arc::clone(&inside);
        async move {
            inside.wait().await;
            inside.wait().await;
        }
    };
    let settings = HttpSettings { max_in_flight: 1, ..HttpSettings::default() };
    let router = common(Router::new().route("/", get(wait)), &settings);
    let first = tokio::spawn({
        let router = router.clone();
        async move { fetch(&router, "/").await.status }
    });
    within(entered.wait()).await;
    let answer = fetch(&router, "/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.problem()["type"], "/problems/overloaded");
    within(entered.wait()).await;
    assert_eq!(within(first).await.expect("no panic"), StatusCode::OK);
}

#[tokio::test]
async fn bodies_are_limited_and_a_route_may_take_more() {
    let length = |body: Bytes| async move { body.len().to_string() };
    let parsed = |ProblemJson(_): ProblemJson<serde_json::Value>| async {};
    let router = Router::new()
        .route("/json", post(parsed))
        .route("/more", post(length).layer(DefaultBodyLimit::max(100)));
    let settings = HttpSettings { max_body_bytes: 10, ..HttpSettings::default() };
    let router = common(router, &settings);
    let answer = ask(&router, post_bytes("/json", 11)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.problem()["type"], "/problems/body-too-large");
    assert_eq!(ask(&router, post_bytes("/more", 100)).await.body, "100");
}

#[tokio::test]
async fn a_request_has_an_id_and_keeps_the_one_it_came_with() {
    let router = common(Router::new().route("/", get(|| async {})), &HttpSettings::default());
    let made = &fetch(&router, "/").await.headers["x-request-id"];
    assert_eq!(made.len(), 36);
    let request = Request::get("/").header("x-request-id", "mine");
    let answer = ask(&router, request.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.headers["x-request-id"], "mine");
}

#[tokio::test]
async fn durations_are_counted_by_route_and_not_by_path() {
    let metrics = telemetry::metrics();
    let missing = || async { Problem::from(NOT_FOUND) };
    let router = Router::new().route("/things/{id}", get(missing));
    let router = common(router, &HttpSettings::default());
    fetch(&router, "/things/1").await;
    fetch(&router, "/things/2").await;
    fetch(&router, "/elsewhere-in-this-test").await;
    let odd = Request::builder().method("BREW").uri("/things/3").body(Body::empty());
    ask(&router, odd.expect("a request")).await;
    let text = metrics.render();
    let count = "vitrina_http_request_duration_seconds_count";
    for line in [
        r#"{method="GET",route="/things/{id}",status="404"} 2"#,
        r#"{method="other",route="/things/{id}",status="405"} 1"#,
    ] {
        assert!(text.contains(&format!("{count}{line}")), "{line}\n{text}");
    }
    assert!(text.contains(r#"method="GET",route="unmatched",status="404""#), "{text}");
    assert!(!text.contains("elsewhere-in-this-test"));
}

#[tokio::test]
async fn a_request_whose_caller_has_gone_is_counted_too() {
    let metrics = telemetry::metrics();
    let entered = Arc::new(Barrier::new(2));
    let inside = Arc::clone(&entered);
    let never = move || {
        let inside = Arc::clone(&inside);
        async move {
            inside.wait().await;
            std::future::pending::<()>().await;
        }
    };
    let router = common(Router::new().route("/never", get(never)), &HttpSettings::default());
    let caller = tokio::spawn(async move { fetch(&router, "/never").await.status });
    within(entered.wait()).await;
    caller.abort();
    assert!(within(caller).await.is_err(), "nobody waits for the answer");
    let line = r#"{method="GET",route="/never",status="499"} 1"#;
    let text = metrics.render();
    assert!(text.contains(&format!("vitrina_http_request_duration_seconds_count{line}")), "{text}");
}
