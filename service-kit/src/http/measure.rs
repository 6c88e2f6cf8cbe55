use std::{mem, time::Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{Extensions, Method};
use axum::middleware::Next;
use axum::response::Response;
use metrics::histogram;

use crate::telemetry::{Traceparent, exemplar};

/// The histogram of answers, in seconds until the answer begins: `{method, route, status}`. Whoever goes
/// before that is counted with the status 499.
pub const REQUEST_DURATION: &str = "vitrina_http_request_duration_seconds";

/// The route of a request that no route matches.
pub const UNMATCHED: &str = "unmatched";

/// The status of a request that nobody waits for any more, as nginx names it in its log.
const CLIENT_CLOSED: &str = "499";

pub(super) async fn measure(request: Request, next: Next) -> Response {
    let mut measured = Measured {
        start: Instant::now(),
        method: method_label(request.method()),
        route: route(request.extensions()).to_owned(),
        trace: request.extensions().get::<Traceparent>().cloned(),
        status: CLIENT_CLOSED.to_owned(),
    };
    let response = next.run(request).await;
    response.status().as_str().clone_into(&mut measured.status);
    response
}

/// A request, recorded when it ends: answered, or dropped because its caller has gone.
struct Measured {
    start: Instant,
    method: &'static str,
    route: String,
    trace: Option<Traceparent>,
    status: String,
}

impl Drop for Measured {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        let (method, route, status) =
            (self.method, mem::take(&mut self.route), mem::take(&mut self.status));
        if let Some(trace) = &self.trace {
            let labels = [("method", method), ("route", &*route), ("status", &*status)];
            exemplar(REQUEST_DURATION, &labels, took, trace);
        }
        histogram!(REQUEST_DURATION, "method" => method, "route" => route, "status" => status)
            .record(took);
    }
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
