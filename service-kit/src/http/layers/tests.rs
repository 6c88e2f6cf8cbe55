use axum::body::Body;
use axum::routing::get;
use serde_json::Value;
use tower::ServiceExt as _;

use super::super::trace::REQUEST_ID;
use super::*;
use crate::problem::UNAVAILABLE;
use crate::settings::LogFormat;
use crate::telemetry::Traceparent;
use crate::telemetry::tests::logged;

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The log of one request to a route that answers with 503.
fn log_of_a_failure(filter: &str) -> String {
    let failing = async || Problem::from(UNAVAILABLE);
    let router = Router::new().route("/things/{id}", get(failing));
    let router = common(router, &HttpSettings::default());
    let request = Request::get("/things/7?key=s3cret")
        .header(Traceparent::HEADER, TRACE)
        .header(REQUEST_ID, "mine")
        .body(Body::empty())
        .expect("a request");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    logged(LogFormat::Json, filter, || {
        runtime.block_on(router.oneshot(request)).expect("routers do not fail");
    })
}

#[test]
fn a_failed_request_is_logged_once_with_its_route_and_trace() {
    let text = log_of_a_failure("info");
    let line: Value = serde_json::from_str(&text).expect("one object");
    assert_eq!(line["level"], "WARN");
    let span = &line["span"];
    for (field, value) in [
        ("http.request.method", "GET"),
        ("http.route", "/things/{id}"),
        ("url.path", "/things/7"),
        ("request.id", "mine"),
        ("trace_id", "0af7651916cd43dd8448eb211c80319c"),
    ] {
        assert_eq!(span[field], value, "{field}");
    }
    assert_eq!(span["http.response.status_code"], 503);
    assert!(!text.contains("s3cret"), "{text}");
}
