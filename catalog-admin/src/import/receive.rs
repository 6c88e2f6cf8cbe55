//! A body into batches of lines that have been read. Holds a few batches at most: when they are not
//! loaded as fast as they come, the sender waits.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use catalog_core::document::CatalogRules;
use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::Failure;
use super::line::{self, Line};
use super::lines::{Content, RawLine, Splitter};

/// A batch of raw lines is handed on when it has this many bytes, however few lines they are.
const BATCH_BYTES: usize = 4 << 20;

/// Lines that are being read on a thread for such work.
pub(super) type Batch = JoinHandle<Vec<Line>>;

/// Cuts a body into lines and has them read, batch by batch and in order.
pub(super) struct Receiver {
    pub(super) rules: Arc<CatalogRules>,
    pub(super) batch_lines: usize,
    pub(super) idle: Duration,
    pub(super) batches: mpsc::Sender<Batch>,
}

impl Receiver {
    /// Receives the whole body. Ends early when nobody takes the batches any more, or on `stop`.
    pub(super) async fn receive(self, body: Body, stop: CancellationToken) -> Result<(), Failure> {
        let mut pieces = body.into_data_stream();
        let mut splitter = Splitter::default();
        let mut begun = Begun::default();
        loop {
            let next = timeout(self.idle, pieces.next());
            let Some(next) = stop.run_until_cancelled(next).await else {
                return Err(Failure::Stopping);
            };
            let Ok(next) = next else { return Err(Failure::Silent(self.idle)) };
            let Some(piece) = next else { break };
            let piece = piece.map_err(Failure::Disconnected)?;
            let mut full = Vec::new();
            splitter.feed(&piece, |line| full.extend(begun.add(line, self.batch_lines)));
            for batch in full {
                self.hand_on(batch).await?;
            }
        }
        if let Some(last) = splitter.finish() {
            begun.lines.push(last);
        }
        self.hand_on(begun.lines).await
    }

    async fn hand_on(&self, lines: Vec<RawLine>) -> Result<(), Failure> {
        if lines.is_empty() {
            return Ok(());
        }
        let place = self.batches.reserve().await.map_err(|_| Failure::Broken)?;
        let rules = Arc::clone(&self.rules);
        place.send(spawn_blocking(move || {
            lines.into_iter().map(|raw| line::read(raw, &rules)).collect()
        }));
        Ok(())
    }
}

/// The batch that is being filled.
#[derive(Debug, Default)]
struct Begun {
    lines: Vec<RawLine>,
    bytes: usize,
}

impl Begun {
    /// Adds a line; gives the batch out when it is full.
    fn add(&mut self, line: RawLine, most: usize) -> Option<Vec<RawLine>> {
        if let Content::Whole(text) | Content::Unended(text) = &line.content {
            self.bytes += text.len();
        }
        self.lines.push(line);
        if self.lines.len() < most && self.bytes < BATCH_BYTES {
            return None;
        }
        self.bytes = 0;
        Some(std::mem::take(&mut self.lines))
    }
}
