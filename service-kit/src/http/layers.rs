use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::{DefaultOnRequest, TraceLayer};
use tracing::Span;

use super::Traceparent;
use super::measure::{measure, route};
use crate::problem::{INTERNAL, OVERLOADED, Problem, TIMEOUT, method_not_allowed, not_found};
use crate::settings::HttpSettings;
use crate::shutdown::panic_message;

const REQUEST_ID: &str = "x-request-id";
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Completes a service's router: problems for unknown paths and methods, and the layers that all
/// requests pass: request id, span, metrics, panics to 500, load shedding, body limit. A route
/// that takes longer bodies says so by a `DefaultBodyLimit` of its own.
///
/// There is no timeout among them, since some routes stream: see [`request_timeout`].
pub fn common(router: Router, settings: &HttpSettings) -> Router {
    let in_flight = Arc::new(Semaphore::new(settings.max_in_flight));
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(DefaultOnRequest::new().level(tracing::Level::TRACE))
                .on_response(log_response)
                .on_failure(()),
        )
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(from_fn(measure))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(in_flight, shed_load))
        .layer(DefaultBodyLimit::max(settings.max_body_bytes));
    router.fallback(not_found).method_not_allowed_fallback(method_not_allowed).layer(layers)
}

/// Answers with 503 when a route's answer has not begun after `limit`; for all routes but those
/// that read a long body, as an import does.
pub fn request_timeout<S>(router: Router<S>, limit: Duration) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(from_fn_with_state(limit, cut_off))
}

async fn cut_off(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(TIMEOUT)
            .detail("The answer was not ready in time: try again.")
            .retry_after(RETRY_AFTER)
            .into_response(),
    }
}

async fn shed_load(
    State(in_flight): State<Arc<Semaphore>>,
    request: Request,
    next: Next,
) -> Response {
    match in_flight.try_acquire() {
        Ok(_permit) => next.run(request).await,
        Err(_) => Problem::new(OVERLOADED)
            .detail("There are more requests than can be answered now: try again.")
            .retry_after(RETRY_AFTER)
            .into_response(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let reason = panic_message(panic.as_ref());
    tracing::error!(error.message = reason, "a request's handler panicked");
    Problem::new(INTERNAL).detail("The mistake is ours, and has been logged.").into_response()
}

fn span<B>(request: &axum::http::Request<B>) -> Span {
    let id = request.headers().get(REQUEST_ID);
    let trace = Traceparent::from_headers(request.headers());
    tracing::info_span!(
        "http",
        http.method = %request.method(),
        http.route = route(request.extensions()),
        http.path = request.uri().path(),
        request.id = id.and_then(|id| id.to_str().ok()),
        trace.parent = trace.as_ref().map(Traceparent::as_str),
    )
}

fn log_response<B>(response: &axum::http::Response<B>, latency: Duration, _: &Span) {
    let status = response.status();
    let duration_us = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
    if status.is_server_error() {
        tracing::warn!(http.status = status.as_u16(), http.duration_us = duration_us, "answered");
    } else {
        tracing::debug!(http.status = status.as_u16(), http.duration_us = duration_us, "answered");
    }
}

#[cfg(test)]
mod tests;
