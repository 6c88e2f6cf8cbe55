//! A caller with one raw connection.

use std::sync::Arc;

use anyhow::ensure;

use super::{line::Line, wire::Wire};

/// One connection.
pub(super) struct Caller {
    line: Line,
    requests: Arc<[Vec<u8>]>,
    next: usize,
}

impl Caller {
    /// Opens one of the connections. Each begins elsewhere in the list, far enough apart that none asks for
    /// what another has just asked for.
    pub(super) async fn connect(wire: &Wire, connection: usize) -> anyhow::Result<Self> {
        let next = connection * wire.requests.len() / wire.connections;
        let requests = Arc::clone(&wire.requests);
        Ok(Self { line: Line::connect(wire.address).await?, requests, next })
    }

    /// Has it go on from this place in the list.
    pub(super) const fn begin_at(&mut self, place: usize) {
        self.next = place;
    }

    /// The place in the list of what is asked for next.
    pub(super) fn place(&self) -> usize {
        self.next % self.requests.len()
    }

    /// Asks for the next thing, and reads the answer. It must be good.
    pub(super) async fn ask(&mut self) -> anyhow::Result<&[u8]> {
        let place = self.place();
        self.next = place + 1;
        let (status, answer) = self.line.ask(&self.requests[place]).await?;
        let is_good = matches!(status, 200 | 304);
        ensure!(is_good, "an answer is {status}: {}", String::from_utf8_lossy(answer));
        Ok(answer)
    }
}
