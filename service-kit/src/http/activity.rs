//! What a connection is used for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::Request;
use futures::future::BoxFuture;
use hyper::body::Incoming;
use tower::{Service, ServiceExt as _};

/// The requests of one connection.
#[derive(Debug, Default)]
pub(super) struct Activity {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Activity {
    /// How many requests have got the beginning of their answer, or were given up.
    pub(super) fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
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
}

impl<S> Watched<S> {
    pub(super) fn new(service: S, activity: Arc<Activity>) -> Self {
        Self { service, activity }
    }
}

impl<S> hyper::service::Service<Request<Incoming>> for Watched<S>
where
    S: Service<Request<Incoming>> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.activity.begun.fetch_add(1, Ordering::Relaxed);
        let ending = Ending(Arc::clone(&self.activity));
        let answer = self.service.clone().oneshot(request);
        Box::pin(async move {
            let _ending = ending;
            answer.await
        })
    }
}
