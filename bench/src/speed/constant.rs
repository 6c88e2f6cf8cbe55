//! The floor: a bare hyper server that answers everything with one constant.

use std::{convert::Infallible, io, sync::Arc};

use anyhow::Context as _;
use http_body_util::Full;
use hyper::{
    HeaderMap, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};

/// An answer.
#[derive(Debug, Clone)]
pub struct Constant {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Constant {
    /// The status, the headers and the body of an answer as it came over the connection. What hyper adds by
    /// itself is left to it.
    pub fn like(answer: &[u8]) -> anyhow::Result<Self> {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.context("the answer has no head")?;
        let head = std::str::from_utf8(&answer[..end]).context("the head is not ASCII")?;
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let status = status.context("the answer has no status")?.parse()?;
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").context("a header has no value")?;
            if !["date", "content-length"].contains(&name) {
                // As a constant server would hold them: nothing is counted when they are copied.
                let value = HeaderValue::from_static(value.to_owned().leak());
                headers.insert(HeaderName::try_from(name)?, value);
            }
        }
        let body = Bytes::from_static(answer[end + 4..].to_vec().leak());
        Ok(Self { status, headers, body })
    }

    pub(super) fn answer(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response
    }

    /// Answers one connection until the peer goes.
    pub async fn serve_connection<I>(self: Arc<Self>, stream: I)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(move |_: Request<Incoming>| {
            let answer = self.answer();
            async move { Ok::<_, Infallible>(answer) }
        });
        // A peer that goes in the middle of something is no error here.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    /// Answers whoever connects.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let constant = Arc::new(self);
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(Arc::clone(&constant).serve_connection(stream));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_what_the_other_answer_has_but_for_what_hyper_adds() {
        let other = b"HTTP/1.1 200 OK\r\netag: \"a\"\r\ncontent-length: 2\r\ndate: now\r\n\r\n{}";
        let constant = Constant::like(other).unwrap();
        assert_eq!((constant.status, constant.body.len()), (StatusCode::OK, 2));
        assert_eq!(constant.headers.len(), 1);
        assert_eq!(constant.headers["etag"], "\"a\"");
        for odd in [b"".as_slice(), b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1\r\n\r\n"] {
            assert!(Constant::like(odd).is_err());
        }
    }
}
