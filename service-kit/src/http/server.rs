use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, Response};
use hyper::body::{Body, Incoming};
use metrics::{Gauge, gauge};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tower::{BoxError, Service};

use super::connection::Acceptor;
use crate::health::Readiness;
use crate::settings::{HttpSettings, OpsSettings};

pub(super) const CONNECTIONS: &str = "vitrina_http_connections";
pub(super) const CONNECTIONS_LIMIT: &str = "vitrina_http_connections_limit";

/// Between two tries to accept when the process has no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A port that is bound and not served yet: callers wait in its queue.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    settings: HttpSettings,
    /// Of the public port only, so that the operations port does not blur it.
    open: Option<Gauge>,
    readiness: Readiness,
}

impl Server {
    /// Binds the public port.
    pub async fn bind(settings: &HttpSettings) -> io::Result<Self> {
        gauge!(CONNECTIONS_LIMIT).set(u32::try_from(settings.max_connections).unwrap_or(u32::MAX));
        Ok(Self { open: Some(gauge!(CONNECTIONS)), ..Self::bind_to(settings).await? })
    }

    /// Binds the operations port, with the limits of [`HttpSettings::default`].
    pub async fn bind_ops(settings: &OpsSettings) -> io::Result<Self> {
        let settings = HttpSettings {
            bind: settings.bind,
            max_connections: 100,
            drain_timeout: Duration::from_secs(1),
            ..HttpSettings::default()
        };
        Self::bind_to(&settings).await
    }

    async fn bind_to(settings: &HttpSettings) -> io::Result<Self> {
        let at = |error: io::Error| {
            io::Error::new(error.kind(), format!("cannot bind {}: {error}", settings.bind))
        };
        let listener = TcpListener::bind(settings.bind).await.map_err(at)?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            settings: settings.clone(),
            open: None,
            readiness: Readiness::new(),
        })
    }

    /// The real address, also where port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Has callers go elsewhere as soon as the process says that it is not ready: they are told with
    /// each answer, while they still get one. An idle connection that were closed without that
    /// could be closed just when its next request is on its way.
    #[must_use]
    pub fn leaving_with(self, readiness: Readiness) -> Self {
        Self { readiness, ..self }
    }

    /// Serves HTTP/1 and HTTP/2 until `stop` is cancelled, then lets the requests in flight end,
    /// for as long as `drain_timeout` says.
    ///
    /// `service` is an axum router, or what stands before one.
    pub async fn serve<S, B>(self, service: S, stop: CancellationToken) -> io::Result<()>
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        tracing::info!(server.address = %self.address, "serving");
        let acceptor = Arc::new(Acceptor::new(&self.settings, self.readiness));
        let permits = Arc::new(Semaphore::new(self.settings.max_connections));
        let mut connections = JoinSet::new();
        while let Some((stream, permit)) =
            stop.run_until_cancelled(next(&self.listener, &permits)).await
        {
            while connections.try_join_next().is_some() {}
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(error.message = %error, "the peer is gone already");
                continue;
            }
            let (acceptor, service) = (Arc::clone(&acceptor), service.clone());
            // A token of each connection's own: polling a shared one takes a shared lock.
            let stop = stop.child_token();
            let open = self.open.clone().map(Open::new);
            connections.spawn(async move {
                acceptor.serve(stream, service, stop).await;
                drop((open, permit));
            });
        }
        drop(self.listener);
        drain(connections, self.settings.drain_timeout).await;
        Ok(())
    }
}

/// Counts a connection as long as it lives, however it ends.
struct Open(Gauge);

impl Open {
    fn new(all: Gauge) -> Self {
        all.increment(1.0);
        Self(all)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// The next connection, once there may be one more.
async fn next(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
    let permit = Arc::clone(permits).acquire_owned().await.expect("nobody closes this semaphore");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, permit),
            Err(error) if is_the_peers(&error) => {}
            Err(error) => {
                tracing::error!(error.message = %error, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_the_peers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

async fn drain(mut connections: JoinSet<()>, limit: Duration) {
    let ended = timeout(limit, async { while connections.join_next().await.is_some() {} });
    if ended.await.is_err() {
        tracing::warn!(
            connections.open = connections.len(),
            "requests did not end in time, and are cut"
        );
        connections.shutdown().await;
    }
}
