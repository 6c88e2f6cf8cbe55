use axum::Router;
use axum::http::StatusCode;
use axum::routing;
use service_kit::health::{Readiness, ops_router};
use service_kit::telemetry;

use crate::support::get;

fn router(readiness: &Readiness) -> Router {
    let debug = Router::new().route("/state", routing::get(|| async { "inside" }));
    ops_router(readiness.clone(), telemetry::metrics(), debug)
}

#[tokio::test]
async fn ready_once_every_condition_has_been_met() {
    let readiness = Readiness::new();
    let (poll, stores) = (readiness.condition("first_poll"), readiness.condition("stores"));
    let router = router(&readiness);

    stores.met();
    let answer = get(&router, "/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.body, r#"{"ready":false,"failing":["first_poll"]}"#);
    assert_eq!(get(&router, "/livez").await.status, StatusCode::OK);

    poll.met();
    let answer = get(&router, "/readyz").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::OK, r#"{"ready":true,"failing":[]}"#)
    );

    readiness.stop();
    let answer = get(&router, "/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.body, r#"{"ready":false,"failing":["shutdown"]}"#);
    assert_eq!(get(&router, "/livez").await.status, StatusCode::OK);
}

#[tokio::test]
async fn metrics_are_histograms_in_seconds_beside_the_process() {
    let router = router(&Readiness::new());
    metrics::histogram!("vitrina_test_seconds").record(0.000_03);
    metrics::counter!("vitrina_test_total").increment(2);
    let text = get(&router, "/metrics").await.body;
    for line in [
        r#"vitrina_test_seconds_bucket{le="0.000025"} 0"#,
        r#"vitrina_test_seconds_bucket{le="0.00005"} 1"#,
        "vitrina_test_total 2",
        "process_start_time_seconds ",
    ] {
        assert!(text.lines().any(|found| found.starts_with(line)), "{line}\n{text}");
    }
}

#[tokio::test]
async fn a_services_own_routes_stand_below_debug() {
    assert_eq!(get(&router(&Readiness::new()), "/debug/state").await.body, "inside");
}
