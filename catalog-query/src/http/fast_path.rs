//! The one read that must cost next to nothing: a product out of memory. It stands before the
//! router, and hands everything else on to it.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use axum::{body::Body as HttpBody, response::Response};
use bytes::Bytes;
use catalog_core::view::View;
use futures::{
    FutureExt as _,
    future::{Either, Map, Ready, ready},
};
use http::{HeaderName, Method, Request};
use http_body_util::{Either as EitherBody, Full};
use service_kit::telemetry::Traceparent;
use tower::Service;
use uuid::Uuid;

use super::{
    Provenance, accepted,
    demand::may_demand,
    respond::{encoded_response, lapses_at},
};
use crate::{
    cache::{Encoded, Rendered, RenderedKey},
    freshness::Label,
    metrics::FastPathMetrics,
    read::{Decision, Reader, RulesVersion, Via},
};

const PREFIX: &str = "/v1/products/";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Bytes out of memory as they are, without the box that the router's bodies are in.
pub type FastBody = EitherBody<Full<Bytes>, HttpBody>;
type Answered = Result<http::Response<FastBody>, Infallible>;

/// Answers `GET /v1/products/{id}` from memory when the rule proves what memory holds, without a
/// lock held, a task spawned or the body copied; all else goes to the service behind it.
#[derive(Debug, Clone)]
pub struct FastPath<S> {
    reader: Arc<Reader>,
    metrics: FastPathMetrics,
    /// Whether requests of recorded traces are to have their span, which the router gives them.
    records_traces: bool,
    next: S,
}

impl<S> FastPath<S> {
    /// Before `next`.
    pub fn new(reader: Arc<Reader>, records_traces: bool, next: S) -> Self {
        Self { reader, metrics: FastPathMetrics::resolve(), records_traces, next }
    }
}

impl<S> FastPath<S> {
    fn hand_on<B>(&mut self, request: Request<B>) -> <Self as Service<Request<B>>>::Future
    where
        S: Service<Request<B>, Response = Response, Error = Infallible>,
    {
        let boxed: fn(_) -> _ =
            |answered: Result<Response, Infallible>| answered.map(|it| it.map(EitherBody::Right));
        Either::Right(self.next.call(request).map(boxed))
    }
}

impl<S, B> Service<Request<B>> for FastPath<S>
where
    S: Service<Request<B>, Response = Response, Error = Infallible>,
{
    type Response = http::Response<FastBody>;
    type Error = Infallible;
    type Future =
        Either<Ready<Answered>, Map<S::Future, fn(Result<Response, Infallible>) -> Answered>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.next.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let start = Instant::now();
        if self.records_traces && is_recorded(&request) {
            return self.hand_on(request);
        }
        match answer(&self.reader, &request) {
            Some(response) => {
                self.metrics.answered(response.status(), start.elapsed());
                let response = response.map(|bytes| EitherBody::Left(Full::new(bytes)));
                Either::Left(ready(Ok(response)))
            }
            None => self.hand_on(request),
        }
    }
}

fn answer<B>(reader: &Reader, request: &Request<B>) -> Option<http::Response<Bytes>> {
    if request.method() != Method::GET || may_demand(request.headers()) {
        return None;
    }
    let id = product_id(request.uri().path())?;
    let view = view(reader, request.uri().query())?;
    let rendered = reader.rendered().get(&RenderedKey { id, view: view.view })?;
    // A hit must be what was asked for, and shown by the rules that chose the view.
    if rendered.key.id != id || rendered.key.view != view.view || !view.is_of(&rendered) {
        return None;
    }
    let encoded = rendered.body.as_ref()?.ready(accepted(request.headers()))?;
    let lapses_in = lapses_at(rendered.valid_until, || reader.clock().wall());
    if lapses_in.is_some_and(|left| left.is_zero()) {
        return None;
    }
    let Decision::Serve(label @ Label::Fresh { .. }) = reader.decide(&rendered.standing) else {
        return None;
    };
    let provenance =
        Provenance { label, via: Via::MEMORY, bound: reader.freshness().bound(), lapses_in };
    rendered.answered();
    reader.metrics().answered(Via::MEMORY.layer, label);
    Some(respond(encoded, request, &provenance))
}

/// Traces of requests that are answered here begin with the caller, if at all.
fn is_recorded<B>(request: &Request<B>) -> bool {
    Traceparent::from_headers(request.headers()).is_some_and(|parent| parent.is_sampled())
}

fn respond<B>(
    encoded: &Encoded,
    request: &Request<B>,
    provenance: &Provenance,
) -> http::Response<Bytes> {
    let mut response = encoded_response(encoded, request.headers(), provenance);
    if let Some(id) = request.headers().get(&REQUEST_ID) {
        response.headers_mut().insert(REQUEST_ID, id.clone());
    }
    response
}

/// The id, if the path is that of a product and nothing more.
fn product_id(path: &str) -> Option<Uuid> {
    let id = path.strip_prefix(PREFIX)?;
    if id.len() == 36 { Uuid::try_parse(id).ok() } else { None }
}

/// A view, and whether it was chosen by the rules' defaults.
struct Chosen {
    view: View,
    rules: Option<RulesVersion>,
}

impl Chosen {
    /// Defaults are those of the rules that went into the rendering, or may be others.
    fn is_of(&self, rendered: &Rendered) -> bool {
        self.rules.is_none_or(|rules| rules.is_in(rendered))
    }
}

/// The view, if it can be told without decoding anything. That the catalog has what it names is
/// proven by the rendering that is found for it.
fn view(reader: &Reader, query: Option<&str>) -> Option<Chosen> {
    let (mut channel, mut locale, mut currency) = (None, None, None);
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        match name {
            "channel" if channel.is_none() => channel = Some(value.parse().ok()?),
            "locale" if locale.is_none() => locale = Some(value.parse().ok()?),
            "currency" if currency.is_none() => currency = Some(value.parse().ok()?),
            _ => return None,
        }
    }
    if let (Some(channel), Some(locale), Some(currency)) = (channel, locale, currency) {
        return Some(Chosen { view: View { channel, locale, currency }, rules: None });
    }
    let rules = reader.entries().rules();
    let entry = rules.as_ref()?;
    let default = entry.rules()?.default_view()?;
    let view = View {
        channel: channel.unwrap_or(default.channel),
        locale: locale.unwrap_or(default.locale),
        currency: currency.unwrap_or(default.currency),
    };
    Some(Chosen { view, rules: Some(RulesVersion::of(entry)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_products_own_path_is_taken() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(product_id(&format!("/v1/products/{id}")), Uuid::try_parse(id).ok());
        for other in ["/v1/products", "/v1/products/", "/v1/products/by-sku/x", "/v1/categories"] {
            assert_eq!(product_id(other), None, "{other}");
        }
        assert_eq!(product_id(&format!("/v1/products/{id}/stock")), None);
        assert_eq!(product_id("/v1/products/{01890a5dac96774bbcceb302099a8057}"), None);
    }
}
