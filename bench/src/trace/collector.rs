//! A collector of spans: what services export by OTLP over HTTP, kept in memory.
//!
//! <https://opentelemetry.io/docs/specs/otlp/#otlphttp>

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::CONTENT_TYPE,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use parking_lot::Mutex;
use prost::Message as _;
use tokio::{net::TcpListener, sync::Notify, task::JoinSet, time::timeout};

use super::{Span, span::spans};

/// More than a process exports at once.
const LARGEST: usize = 4 * 1024 * 1024;

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    collected: Arc<Collected>,
    _serving: JoinSet<()>,
}

#[derive(Debug, Default)]
struct Collected {
    spans: Mutex<Vec<Span>>,
    more: Notify,
}

impl Collector {
    /// Listens at `address`.
    pub async fn bind(address: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!(
                "cannot collect spans at {address}: if a collector of yours listens there, look \
                 for the trace in it, or stop it and try again"
            )
        })?;
        let address = listener.local_addr()?;
        let collected = Arc::<Collected>::default();
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&collected)));
        Ok(Self { address, collected, _serving: serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The spans of a trace, once they are `enough`, or what there is of them after `patience`.
    pub async fn trace(
        &self,
        id: &[u8],
        patience: Duration,
        enough: impl Fn(&[Span]) -> bool,
    ) -> Vec<Span> {
        let _ = timeout(patience, async {
            loop {
                let more = self.collected.more.notified();
                if enough(&self.known(id)) {
                    return;
                }
                more.await;
            }
        })
        .await;
        self.known(id)
    }

    fn known(&self, id: &[u8]) -> Vec<Span> {
        let spans = self.collected.spans.lock();
        spans.iter().filter(|span| span.trace == id).cloned().collect()
    }
}

async fn serve(listener: TcpListener, collected: Arc<Collected>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let collected = Arc::clone(&collected);
        connections.spawn(async move {
            let service = service_fn(|request| collect(request, &collected));
            // A process that goes away in the middle exports again, or is gone.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn collect(
    request: Request<Incoming>,
    collected: &Collected,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = Limited::new(request.into_body(), LARGEST).collect().await;
    let export = body.ok().and_then(|body| ExportTraceServiceRequest::decode(body.to_bytes()).ok());
    let Some(export) = export else {
        let mut refused = Response::new(Full::default());
        *refused.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(refused);
    };
    collected.spans.lock().extend(spans(export));
    collected.more.notify_waiters();
    let taken = ExportTraceServiceResponse::default().encode_to_vec();
    let mut response = Response::new(Full::from(taken));
    let kind = hyper::header::HeaderValue::from_static("application/x-protobuf");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}
