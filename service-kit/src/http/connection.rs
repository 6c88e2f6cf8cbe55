use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, interval_at};
use tokio_util::sync::CancellationToken;
use tower::{BoxError, Service};

use super::activity::{Activity, Watched};
use crate::health::Readiness;
use crate::settings::HttpSettings;

/// Streams that one HTTP/2 connection may have open at once.
const MAX_STREAMS: u32 = 256;
/// How often a silent HTTP/2 connection is asked whether it is still there.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// Serves single connections, as [`Server`](super::Server) does with each that it accepts.
#[derive(Debug)]
pub struct Acceptor {
    protocol: Builder<TokioExecutor>,
    idle: Duration,
    readiness: Readiness,
}

impl Acceptor {
    /// With these limits; callers are told to go elsewhere when `readiness` says that the process ends.
    pub fn new(settings: &HttpSettings, readiness: Readiness) -> Self {
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
        Self { protocol, idle: settings.header_read_timeout, readiness }
    }

    /// Serves until the peer goes, or until the connection is of no use: `idle` without a request
    /// begun or answered ends it in order, and as long again cuts it. hyper itself bounds only what
    /// HTTP/1 waits for: an HTTP/2 connection that answers pings, and a peer that does not take its
    /// answer, would keep their places for ever.
    pub async fn serve<I, S, B>(&self, stream: I, service: S, stop: CancellationToken)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let activity = Arc::new(Activity::default());
        let service = Watched::new(service, Arc::clone(&activity), self.readiness.clone());
        let mut connection = pin!(self.protocol.serve_connection(TokioIo::new(stream), service));
        let mut looks = interval_at(Instant::now() + self.idle, self.idle);
        let (mut ending, mut ended) = (false, 0);
        let outcome = loop {
            tokio::select! {
                biased;
                outcome = connection.as_mut() => break outcome,
                () = stop.cancelled(), if !ending => {
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = activity.told_to_leave(), if !ending => {
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
                _ = looks.tick() => {
                    let before = std::mem::replace(&mut ended, activity.ended());
                    if activity.is_going_on() || ended != before {
                        continue;
                    }
                    // Without a first request it is not even told whether it is HTTP/1 or HTTP/2.
                    if ending || ended == 0 {
                        return;
                    }
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(error.message = error, "a connection broke");
        }
    }
}
