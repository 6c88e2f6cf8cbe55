//! One connection to a server, whose answers may be of any status.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::answer::Answer;

/// How long a connection, or one answer, may take.
const LIMIT: Duration = Duration::from_secs(10);

/// A connection that stays open.
pub(super) struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    pub(super) async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let connected = timeout(LIMIT, TcpStream::connect(address)).await;
        let stream = connected.context("the server does not take a connection in time")??;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(64 * 1024) })
    }

    /// Asks, and reads the answer: its status, and all of it.
    pub(super) async fn ask(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.read.clear();
        let answer = timeout(LIMIT, self.exchange(request)).await;
        let Answer { status, length } = answer.context("no answer in time")??;
        Ok((status, &self.read[..length]))
    }

    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        loop {
            ensure!(self.stream.read_buf(&mut self.read).await? > 0, "the server hung up");
            if let Some(answer) = Answer::of(&self.read)? {
                return Ok(answer);
            }
        }
    }
}

/// Where a service listens whose address a stack tells.
pub(super) fn socket(address: &str) -> anyhow::Result<SocketAddr> {
    let socket = address.strip_prefix("http://").unwrap_or(address);
    socket.parse().with_context(|| format!("{address} is no address"))
}

/// Whether the head of an answer has this header, whose name is given in small letters.
pub(super) fn has_header(answer: &[u8], name: &str) -> bool {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
    answer[..end].split(|byte| *byte == b'\n').any(|line| {
        let named = line.get(..name.len()).unwrap_or_default();
        named.eq_ignore_ascii_case(name.as_bytes()) && line.get(name.len()) == Some(&b':')
    })
}

/// Whether `text` stands somewhere in an answer.
pub(super) fn says(answer: &[u8], text: &str) -> bool {
    answer.windows(text.len()).any(|part| part == text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_in_the_head_alone() {
        let answer = b"HTTP/1.1 503 No\r\nRetry-After: 1\r\n\r\nage: 1\n";
        assert!(has_header(answer, "retry-after"));
        assert!(!has_header(answer, "retry"));
        assert!(!has_header(answer, "age"));
        assert!(says(answer, "age") && !says(answer, "Age"));
    }

    #[test]
    fn addresses_are_taken_as_a_stack_tells_them() {
        let expected = SocketAddr::from(([127, 0, 0, 1], 80));
        assert_eq!(socket("http://127.0.0.1:80").unwrap(), expected);
        assert_eq!(socket("127.0.0.1:80").unwrap(), expected);
        assert!(socket("http://localhost").is_err());
    }
}
