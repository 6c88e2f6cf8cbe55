//! A caller with one raw connection.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::{answer::Answer, wire::Wire};

/// How long one answer may take.
const LIMIT: Duration = Duration::from_secs(10);

/// One connection.
pub(super) struct Caller {
    stream: TcpStream,
    requests: Arc<[Vec<u8>]>,
    next: usize,
    read: Vec<u8>,
}

impl Caller {
    /// Opens one of the connections. Each begins elsewhere in the list, far enough apart that none asks for
    /// what another has just asked for.
    pub(super) async fn connect(wire: &Wire, connection: usize) -> anyhow::Result<Self> {
        let connected = timeout(LIMIT, TcpStream::connect(wire.address)).await;
        let stream = connected.context("the server does not take a connection in time")??;
        stream.set_nodelay(true)?;
        let next = connection * wire.requests.len() / wire.connections;
        let requests = Arc::clone(&wire.requests);
        Ok(Self { stream, requests, next, read: Vec::with_capacity(64 * 1024) })
    }

    /// Has it go on from this place in the list.
    pub(super) const fn begin_at(&mut self, place: usize) {
        self.next = place;
    }

    /// The place in the list of what is asked for next.
    pub(super) fn place(&self) -> usize {
        self.next % self.requests.len()
    }

    /// What was read for the last answer.
    pub(super) fn read(&self) -> &[u8] {
        &self.read
    }

    /// Asks for the next thing and reads the answer; gives how long it was. It must be good.
    pub(super) async fn ask(&mut self) -> anyhow::Result<usize> {
        let place = self.place();
        self.next = place + 1;
        let request = &self.requests[place];
        self.read.clear();
        let exchange = async {
            self.stream.write_all(request).await?;
            loop {
                ensure!(self.stream.read_buf(&mut self.read).await? > 0, "the server hung up");
                if let Some(answer) = Answer::of(&self.read)? {
                    return Ok(answer);
                }
            }
        };
        let answer = timeout(LIMIT, exchange).await.context("no answer in time")??;
        ensure!(
            matches!(answer.status, 200 | 304),
            "an answer is {}: {}",
            answer.status,
            String::from_utf8_lossy(&self.read)
        );
        Ok(answer.length)
    }
}
