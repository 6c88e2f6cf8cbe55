use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;
use service_kit::http::common;
use service_kit::problem::{
    FieldError, KINDS, NOT_FOUND, Problem, ProblemJson, ProblemQuery, UNAVAILABLE, decode,
};
use service_kit::settings::HttpSettings;

use crate::support::{Answer, ask, get as fetch};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the reading of it is tested")]
struct Thing {
    name: String,
    parts: Vec<Part>,
    #[serde(default)]
    labels: BTreeMap<String, u8>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the reading of it is tested")]
struct Part {
    count: u8,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sort {
    Newest,
    Price,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the reading of it is tested")]
struct Page {
    limit: u16,
    sort: Option<Sort>,
}

fn router() -> Router {
    let routes = Router::new()
        .route("/things", post(|ProblemJson(_): ProblemJson<Thing>| async {}))
        .route("/pages", get(|ProblemQuery(_): ProblemQuery<Page>| async {}));
    common(routes, &HttpSettings::default())
}

async fn send(media_type: Option<&str>, body: &'static str) -> Answer {
    let mut request = Request::post("/things");
    if let Some(media_type) = media_type {
        request = request.header("content-type", media_type);
    }
    ask(&router(), request.body(Body::from(body)).expect("a request")).await
}

async fn refused(body: &'static str) -> (StatusCode, serde_json::Value) {
    let answer = send(Some("application/json"), body).await;
    (answer.status, answer.problem())
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let answer = fetch(&router(), "/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.problem()["type"], "/problems/not-found");

    let answer = fetch(&router(), "/things").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers["allow"], "POST");
    assert_eq!(answer.problem()["type"], "/problems/method-not-allowed");
}

#[tokio::test]
async fn broken_json_says_where() {
    let (status, problem) = refused("{\"name\":\n \"a\",, }").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(problem["type"], "/problems/broken-json");
    assert_eq!((&problem["line"], &problem["column"]), (&json!(2), &json!(6)));
    let detail = problem["detail"].as_str().expect("a sentence");
    assert!(detail.contains("line 2, column 6"), "{detail}");
    assert_eq!(detail.matches("line 2").count(), 1, "{detail}");

    let (status, _) = refused(r#"{"name":"a","parts":[]"#).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "cut short");
    let (status, problem) = refused(r#"{"name":"a","parts":[]} 1"#).await;
    assert_eq!((status, &problem["column"]), (StatusCode::BAD_REQUEST, &json!(25)));
    assert_eq!(refused("").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_wrong_field_is_named_by_its_pointer() {
    for (body, pointer, words) in [
        (r#"{"name":"a","parts":[{"count":1},{"count":"x"}]}"#, "/parts/1/count", "expected u8"),
        (r#"{"name":"a","parts":[{"count":300}]}"#, "/parts/0/count", "expected u8"),
        (r#"{"name":"a","parts":[{}]}"#, "/parts/0/count", "missing field"),
        (r#"{"name":"a","parts":[],"colour":1}"#, "/colour", "unknown field `colour`"),
        (r#"{"name":"a","parts":[{"count":1,"size":2}]}"#, "/parts/0/size", "unknown field"),
        (r#"{"name":"a","parts":[],"labels":{"a/b~c":-1}}"#, "/labels/a~1b~0c", "expected u8"),
        (r#"{"name":"a","name":"b","parts":[]}"#, "/name", "duplicate field"),
        ("7", "", "invalid type"),
    ] {
        let (status, problem) = refused(body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(problem["type"], "/problems/invalid-body");
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], pointer, "{body}: {error}");
        let detail = error["detail"].as_str().expect("a sentence");
        assert!(detail.contains(words), "{body}: {detail}");
        assert!(!detail.contains(" at line "), "{detail}");
    }
}

#[tokio::test]
async fn only_json_is_read() {
    const GOOD: &str = r#"{"name":"a","parts":[]}"#;
    for media_type in
        ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
    {
        assert_eq!(send(Some(media_type), GOOD).await.status, StatusCode::OK, "{media_type}");
    }
    for media_type in [None, Some("text/plain"), Some("text/json"), Some("application/jsonp")] {
        let answer = send(media_type, GOOD).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media_type:?}");
        assert_eq!(answer.problem()["type"], "/problems/unsupported-media-type");
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    assert_eq!(fetch(&router(), "/pages?limit=5&sort=newest").await.status, StatusCode::OK);
    for (query, parameter, words) in [
        ("limit=x", "limit", "invalid digit"),
        ("limit=5&sort=age", "sort", "`newest` or `price`"),
        ("", "limit", "missing"),
        ("limit=5&page=2", "page", "unknown"),
        ("limit=5&limit=6", "limit", "duplicate"),
        ("limit=70000", "limit", "too large"),
    ] {
        let answer = fetch(&router(), &format!("/pages?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        let problem = answer.problem();
        assert_eq!(problem["type"], "/problems/invalid-parameter");
        let error = &problem["errors"][0];
        assert_eq!(error["parameter"], parameter, "{query}: {error}");
        assert!(error["detail"].as_str().expect("words").contains(words), "{query}: {error}");
        assert_eq!(error.get("pointer"), None);
    }
}

#[test]
fn a_problem_carries_what_it_was_given() {
    let problem = Problem::new(NOT_FOUND)
        .detail("There is no product with this id.")
        .instance("/v1/products/7")
        .error(FieldError::at("/a", "is wrong"))
        .errors([FieldError::parameter("b", "is wrong too")])
        .with("version", 5);
    let document = serde_json::to_value(problem.document()).expect("JSON");
    assert_eq!(
        document,
        json!({
            "type": "/problems/not-found",
            "title": "Not found",
            "status": 404,
            "detail": "There is no product with this id.",
            "instance": "/v1/products/7",
            "errors": [
                {"pointer": "/a", "detail": "is wrong"},
                {"parameter": "b", "detail": "is wrong too"},
            ],
            "version": 5,
        })
    );
}

#[test]
fn retry_after_is_in_whole_seconds_rounded_up() {
    for (millis, header) in [(1000, "1"), (1001, "2"), (1, "1")] {
        let problem = Problem::new(UNAVAILABLE).retry_after(Duration::from_millis(millis));
        assert_eq!(problem.into_response().headers()["retry-after"], header);
    }
}

#[test]
fn kinds_have_slugs_of_their_own() {
    let mut slugs: Vec<_> = KINDS.iter().map(|kind| kind.slug).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), KINDS.len());
}

#[test]
fn a_line_that_is_not_text_is_broken_and_not_a_panic() {
    let failure = decode::<serde_json::Value>(b"{\"a\":\"\xff\"}").expect_err("not UTF-8");
    assert!(failure.to_string().starts_with("The JSON is broken at line 1"), "{failure}");
}
