//! Loading lines through catalog-admin, as anybody would: `POST /v1/imports`.

use std::io::{self, Write};
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_stream::wrappers::ReceiverStream;

use crate::{Addresses, Error, Result};

/// How much is sent at a time.
const PIECE: usize = 256 << 10;
/// How much is sent between two times that progress is told.
const TELL_EVERY: u64 = 4 << 20;
/// The answer comes after the last line has been loaded, a while after the last has been sent.
const READ_LIMIT: Duration = Duration::from_mins(30);

/// catalog-admin, to load into.
#[derive(Debug, Clone)]
pub struct Loading {
    /// Its address.
    pub admin: String,
    /// An editor's token.
    pub token: String,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Loaded {
    /// Its id.
    pub id: String,
    /// Lines that were read.
    pub lines_total: u64,
    /// How many made something new.
    pub created: u64,
    /// How many changed something.
    pub updated: u64,
    /// How many said what was there.
    pub unchanged: u64,
    /// How many are wrong.
    pub rejected: u64,
    /// The first things that are wrong.
    pub errors: LineErrors,
}

/// A page of what is wrong with lines.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LineErrors {
    /// In the order of the lines.
    pub items: Vec<LineError>,
}

/// One thing that is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LineError {
    /// Its number.
    pub line: u64,
    /// Where in it.
    pub pointer: String,
    /// What is wrong.
    pub detail: String,
}

/// Lines that could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The lines could not be made or read.
    #[error("the lines cannot be read")]
    Lines(#[from] io::Error),
    /// catalog-admin could not be reached.
    #[error("catalog-admin cannot be reached, start it with `make up`: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// catalog-admin refused the import as a whole.
    #[error("catalog-admin answers {status}: {body}")]
    Refused {
        /// Its status.
        status: u16,
        /// Its words.
        body: String,
    },
}

impl Loading {
    /// A stack's catalog-admin, with the token that the stack keeps.
    pub fn of(addresses: &Addresses) -> Result<Self> {
        let path = &addresses.editor_token;
        let token = std::fs::read_to_string(path)
            .map_err(|e| Error::io(format!("read the token {}", path.display()), e))?;
        Ok(Self { admin: addresses.admin.clone(), token: token.trim().to_owned() })
    }

    /// Sends what `produce` writes, as it writes it; `sent` hears every few megabytes how many
    /// bytes went so far.
    pub async fn load(
        &self,
        produce: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
        sent: impl FnMut(u64) + Send + 'static,
    ) -> Result<Loaded, LoadError> {
        let (pieces, body) = mpsc::channel(4);
        let begun = Vec::with_capacity(PIECE);
        let mut out = Sender { begun, pieces, total: 0, told: 0, sent };
        let producing = spawn_blocking(move || {
            produce(&mut out)?;
            out.flush()
        });
        // A service that takes no more for a while is busy loading, not gone.
        let client = reqwest::Client::builder()
            .read_timeout(READ_LIMIT)
            .tcp_user_timeout(READ_LIMIT)
            .build()?;
        let answer = client
            .post(format!("{}/v1/imports", self.admin))
            .bearer_auth(self.token.trim())
            .header(CONTENT_TYPE, "application/x-ndjson")
            .body(reqwest::Body::wrap_stream(ReceiverStream::new(body)))
            .send()
            .await;
        let answer = answer?;
        let (status, text) = (answer.status(), answer.text().await?);
        if !status.is_success() {
            return Err(LoadError::Refused { status: status.as_u16(), body: text });
        }
        producing.await.map_err(io::Error::other)??;
        Ok(serde_json::from_str(&text).map_err(io::Error::from)?)
    }
}

/// Writes into the body of a request.
struct Sender<F> {
    begun: Vec<u8>,
    pieces: mpsc::Sender<io::Result<Vec<u8>>>,
    total: u64,
    told: u64,
    sent: F,
}

impl<F: FnMut(u64)> Write for Sender<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.extend_from_slice(bytes);
        if self.begun.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.begun.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.begun, Vec::with_capacity(PIECE));
        self.total += piece.len() as u64;
        if self.total - self.told >= TELL_EVERY {
            self.told = self.total;
            (self.sent)(self.total);
        }
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "the request has ended");
        self.pieces.blocking_send(Ok(piece)).map_err(gone)
    }
}
