use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Extensions, Method};
use axum::middleware::Next;
use axum::response::Response;
use metrics::histogram;

use crate::telemetry::{Traceparent, exemplar};

/// The histogram of answers, in seconds until the answer begins: `{method, route, status}`.
pub const REQUEST_DURATION: &str = "vitrina_http_request_duration_seconds";

/// The route of a request that no route matches.
pub const UNMATCHED: &str = "unmatched";

pub(super) async fn measure(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = method_label(request.method());
    let route = route(request.extensions()).to_owned();
    let trace = request.extensions().get::<Traceparent>().cloned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_str().to_owned(), start.elapsed());
    if let Some(trace) = trace {
        let labels = [("method", method), ("route", &*route), ("status", &*status)];
        exemplar(REQUEST_DURATION, &labels, took, &trace);
    }
    histogram!(REQUEST_DURATION, "method" => method, "route" => route, "status" => status)
        .record(took);
    response
}

pub(super) fn route(extensions: &Extensions) -> &str {
    extensions.get::<MatchedPath>().map_or(UNMATCHED, MatchedPath::as_str)
}

/// Callers can invent methods; labels must stay few.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
