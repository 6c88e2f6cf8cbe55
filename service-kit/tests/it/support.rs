//! What several files of these tests need.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt as _;

/// How long anything here may take before a test fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

/// The future's output, or a failed test.
pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(DEADLINE, future).await.expect("not within the deadline")
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON, which it says to be a problem.
    pub(crate) fn problem(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let document: Value = serde_json::from_str(&self.body).expect("a problem is JSON");
        assert_eq!(document["status"], self.status.as_u16());
        document
    }
}

/// Asks a router without a network.
pub(crate) async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = within(router.clone().oneshot(request)).await;
    let (head, body) = response.expect("routers do not fail").into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a whole body");
    Answer {
        status: head.status,
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).expect("text"),
    }
}

/// [`ask`] with GET.
pub(crate) async fn get(router: &Router, path: &str) -> Answer {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    ask(router, request).await
}
