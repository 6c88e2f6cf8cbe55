//! What a connection is used for.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use axum::http::header::{CONNECTION, HeaderValue};
use axum::http::{Request, Response, Version};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tokio::sync::Notify;
use tower::util::Oneshot;
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
    type Future = Answering<S>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.activity.begun.fetch_add(1, Ordering::Relaxed);
        Answering {
            ending: Ending(Arc::clone(&self.activity)),
            version: request.version(),
            readiness: self.readiness.clone(),
            answer: self.service.clone().oneshot(request),
        }
    }
}

pin_project! {
    /// An answer that is on its way. Named, so that one that is ready at once needs no allocation.
    pub(super) struct Answering<S: Service<Request<Incoming>>> {
        ending: Ending,
        version: Version,
        readiness: Readiness,
        #[pin]
        answer: Oneshot<S, Request<Incoming>>,
    }
}

impl<S, B> Future for Answering<S>
where
    S: Service<Request<Incoming>, Response = Response<B>>,
{
    type Output = Result<Response<B>, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = ready!(this.answer.poll(context));
        if this.readiness.is_stopping() {
            if *this.version == Version::HTTP_2 {
                this.ending.0.leave.notify_one();
            } else if let Ok(answer) = &mut answer {
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
        }
        Poll::Ready(answer)
    }
}
