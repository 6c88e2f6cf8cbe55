use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tower::util::Oneshot;
use tower::{BoxError, Service, ServiceExt as _};

use crate::settings::HttpSettings;

/// Streams that one HTTP/2 connection may have open at once.
const MAX_STREAMS: u32 = 256;
/// How often a silent HTTP/2 connection is asked whether it is still there.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// Serves single connections.
#[derive(Debug)]
pub(super) struct Acceptor {
    protocol: Builder<TokioExecutor>,
    head_timeout: Duration,
}

impl Acceptor {
    pub(super) fn new(settings: &HttpSettings) -> Self {
        let mut protocol = Builder::new(TokioExecutor::new());
        protocol
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(settings.header_read_timeout)
            .max_buf_size(settings.max_header_bytes);
        protocol
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(u32::try_from(settings.max_header_bytes).unwrap_or(u32::MAX))
            .keep_alive_interval(PING_INTERVAL);
        Self { protocol, head_timeout: settings.header_read_timeout }
    }

    pub(super) async fn serve<S, B>(&self, stream: TcpStream, service: S, stop: CancellationToken)
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error.message = %error, "the peer is gone already");
            return;
        }
        let begun = Arc::new(AtomicBool::new(false));
        let service = FirstRequest { service, begun: Arc::clone(&begun) };
        let mut connection = pin!(self.protocol.serve_connection(TokioIo::new(stream), service));
        // hyper-util waits without limit for the bytes that tell HTTP/1 from HTTP/2.
        let mut first_head = pin!(sleep(self.head_timeout));
        let (mut stopping, mut waiting) = (false, true);
        let outcome = loop {
            tokio::select! {
                biased;
                outcome = connection.as_mut() => break outcome,
                () = stop.cancelled(), if !stopping => {
                    stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = first_head.as_mut(), if waiting => {
                    waiting = false;
                    if !begun.load(Ordering::Relaxed) {
                        return;
                    }
                }
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(error.message = error, "a connection broke");
        }
    }
}

/// Notes that a connection's first request has come.
#[derive(Debug, Clone)]
struct FirstRequest<S> {
    service: S,
    begun: Arc<AtomicBool>,
}

impl<S> hyper::service::Service<Request<Incoming>> for FirstRequest<S>
where
    S: Service<Request<Incoming>> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Oneshot<S, Request<Incoming>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.begun.store(true, Ordering::Relaxed);
        self.service.clone().oneshot(request)
    }
}
