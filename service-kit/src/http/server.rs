use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, Response};
use hyper::body::{Body, Incoming};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tower::{BoxError, Service};

use super::connection::Acceptor;
use crate::settings::{HttpSettings, OpsSettings};

/// Between two tries to accept when the process has no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A port that is bound and not served yet: callers wait in its queue.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    settings: HttpSettings,
}

impl Server {
    /// Binds the public port.
    pub async fn bind(settings: &HttpSettings) -> io::Result<Self> {
        let at = |error: io::Error| {
            io::Error::new(error.kind(), format!("cannot bind {}: {error}", settings.bind))
        };
        let listener = TcpListener::bind(settings.bind).await.map_err(at)?;
        Ok(Self { address: listener.local_addr()?, listener, settings: settings.clone() })
    }

    /// Binds the operations port, with the limits of [`HttpSettings::default`].
    pub async fn bind_ops(settings: &OpsSettings) -> io::Result<Self> {
        let settings = HttpSettings {
            bind: settings.bind,
            max_connections: 100,
            drain_timeout: Duration::from_secs(1),
            ..HttpSettings::default()
        };
        Self::bind(&settings).await
    }

    /// The real address, also where port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
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
        let acceptor = Arc::new(Acceptor::new(&self.settings));
        let permits = Arc::new(Semaphore::new(self.settings.max_connections));
        let mut connections = JoinSet::new();
        while let Some((stream, permit)) =
            stop.run_until_cancelled(next(&self.listener, &permits)).await
        {
            while connections.try_join_next().is_some() {}
            let (acceptor, service) = (Arc::clone(&acceptor), service.clone());
            // A token of each connection's own: polling a shared one takes a shared lock.
            let stop = stop.child_token();
            connections.spawn(async move {
                acceptor.serve(stream, service, stop).await;
                drop(permit);
            });
        }
        drop(self.listener);
        drain(connections, self.settings.drain_timeout).await;
        Ok(())
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
