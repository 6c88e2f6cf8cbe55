use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

use super::in_flight::InFlight;
use super::measure::measure;
use super::trace::trace;
use crate::problem::{INTERNAL, OVERLOADED, Problem, TIMEOUT, method_not_allowed, not_found};
use crate::settings::HttpSettings;
use crate::shutdown::panic_message;

const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Completes a service's router: problems for unknown paths and methods, and the layers that all
/// requests pass: request id, span, metrics, panics to 500, load shedding, body limit. A route
/// that takes longer bodies says so by a `DefaultBodyLimit` of its own.
///
/// There is no timeout among them, since some routes stream: see [`request_timeout`].
pub fn common(router: Router, settings: &HttpSettings) -> Router {
    let in_flight = InFlight::new(settings.max_in_flight);
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(from_fn(trace))
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

async fn shed_load(State(in_flight): State<InFlight>, request: Request, next: Next) -> Response {
    match in_flight.enter() {
        Some(_entered) => next.run(request).await,
        None => Problem::new(OVERLOADED)
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

#[cfg(test)]
mod tests;
