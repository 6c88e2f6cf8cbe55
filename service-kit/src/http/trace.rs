use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use super::{log_budget, measure::route};
use crate::telemetry::{Traceparent, continue_from};

pub(super) const REQUEST_ID: &str = "x-request-id";

/// Gives a request its span, a child of the caller's, and its place in the trace, if there is one: a
/// [`Traceparent`] among its extensions. Its log lines have a trace's id in any case. Logs how it was
/// answered.
pub(super) async fn trace(mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let parent = Traceparent::from_headers(request.headers());
    let span = span(&request);
    if let Some(parent) = &parent {
        continue_from(&span, parent);
    }
    let here = Traceparent::of_span(&span).or(parent);
    span.record("trace_id", here.as_ref().unwrap_or(&Traceparent::random()).trace_id());
    if let Some(here) = here {
        request.extensions_mut().insert(here);
    }
    async {
        let response = next.run(request).await;
        log(&response, start);
        response
    }
    .instrument(span)
    .await
}

/// Named as OpenTelemetry's conventions name an HTTP server's span.
/// <https://opentelemetry.io/docs/specs/semconv/http/http-spans/>
fn span(request: &Request) -> Span {
    let (method, route) = (request.method(), route(request.extensions()));
    let id = request.headers().get(REQUEST_ID);
    tracing::info_span!(
        "http",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        trace_id = Empty,
        http.request.method = %method,
        http.route = route,
        http.response.status_code = Empty,
        url.path = request.uri().path(),
        request.id = id.and_then(|id| id.to_str().ok()),
    )
}

fn log(response: &Response, start: Instant) {
    let (status, span) = (response.status(), Span::current());
    let duration_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
        if let Some(withheld) = log_budget::take() {
            tracing::warn!(http.duration_us = duration_us, log.withheld = withheld, "answered");
        }
    } else {
        tracing::debug!(http.duration_us = duration_us, "answered");
    }
}
