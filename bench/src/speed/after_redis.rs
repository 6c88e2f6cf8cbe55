//! The floor of a read out of Redis: the server of one constant, which asks Redis once for each answer.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use anyhow::Context as _;
use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use redis::{
    Client, RedisResult,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::net::TcpListener;

use super::Constant;

/// As in catalog-query, whose defaults these are.
const CONNECT_LIMIT: Duration = Duration::from_millis(500);
const RESPONSE_LIMIT: Duration = Duration::from_millis(100);

/// Answers with a constant once Redis has given what is kept under a key.
pub struct AfterRedis {
    constant: Constant,
    connection: ConnectionManager,
    key: String,
}

impl AfterRedis {
    /// Over one connection of the same kind as catalog-query's, which all requests share. Connects when it is
    /// first used; needs a runtime around it.
    pub fn new(constant: Constant, url: &str, key: &str) -> anyhow::Result<Self> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT_LIMIT))
            .set_response_timeout(Some(RESPONSE_LIMIT))
            .set_number_of_retries(1);
        let client = Client::open(url).context("this is no address of a Redis")?;
        let connection = ConnectionManager::new_lazy_with_config(client, config)?;
        Ok(Self { constant, connection, key: key.to_owned() })
    }

    async fn answer(&self) -> Response<Full<Bytes>> {
        let mut connection = self.connection.clone();
        let found: RedisResult<Option<Vec<u8>>> =
            redis::cmd("GET").arg(self.key.as_str()).query_async(&mut connection).await;
        // Without it the answer would have cost less than what it stands for.
        let Ok(Some(_)) = found else {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            return response;
        };
        self.constant.answer()
    }

    /// Answers whoever connects.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let server = Arc::new(self);
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let server = Arc::clone(&server);
            let service = service_fn(move |_: Request<Incoming>| {
                let server = Arc::clone(&server);
                async move { Ok::<_, Infallible>(server.answer().await) }
            });
            tokio::spawn(async move {
                // A peer that goes in the middle of something is no error here.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    }
}
