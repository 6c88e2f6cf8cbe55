//! What a connection is used for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::header::{CONNECTION, HeaderValue};
use axum::http::{Request, Response, Version};
use futures::future::BoxFuture;
use hyper::body::Incoming;
use tokio::sync::Notify;
use tower::{Service, ServiceExt as _};

use crate::health::Readiness;

/// The requests of one connection.
#[derive(Debug, Default)]
pub(super) struct Activity {
    begun: AtomicU64,
    ended: AtomicU64,
    leave: Notify,
}

impl Activity {
    /// How many requests have got the beginning of their answer, or were given up.
    pub(super) fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }

    /// Waits until a request came over HTTP/2 while the process was ending.
    pub(super) async fn told_to_leave(&self) {
        self.leave.notified().await;
    }

    /// Whether a request is being worked on.
    pub(super) fn is_going_on(&self) -> bool {
        self.begun.load(Ordering::Relaxed) > self.ended()
    }
}

/// Counts a request as ended, however it ends.
struct Ending(Arc<Activity>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }
}

/// A service that notes the requests of its connection.
#[derive(Debug, Clone)]
pub(super) struct Watched<S> {
    service: S,
    activity: Arc<Activity>,
    readiness: Readiness,
}

impl<S> Watched<S> {
    pub(super) fn new(service: S, activity: Arc<Activity>, readiness: Readiness) -> Self {
        Self { service, activity, readiness }
    }
}

impl<S, B> hyper::service::Service<Request<Incoming>> for Watched<S>
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<B>, S::Error>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.activity.begun.fetch_add(1, Ordering::Relaxed);
        let ending = Ending(Arc::clone(&self.activity));
        let (version, readiness) = (request.version(), self.readiness.clone());
        let answer = self.service.clone().oneshot(request);
        Box::pin(async move {
            let mut answer = answer.await;
            if readiness.is_stopping() {
                if version == Version::HTTP_2 {
                    ending.0.leave.notify_one();
                } else if let Ok(answer) = &mut answer {
                    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
            }
            answer
        })
    }
}
