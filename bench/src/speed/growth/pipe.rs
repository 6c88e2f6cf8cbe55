//! A connection that never leaves the process, and both its ends.

use std::sync::Arc;

use service_kit::{health::Readiness, http::Acceptor, settings::HttpSettings};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex},
    runtime::{Builder, Runtime},
};
use tokio_util::sync::CancellationToken;

use super::{
    Size,
    catalog::{BODY, Catalog},
};
use crate::speed::Constant;

/// More than a request, or an answer, has.
const ROOM: usize = 16 * 1024;
/// A pod polls a few times a second, and a busy one answers thousands of reads meanwhile.
const REQUESTS_PER_POLL: usize = 512;
/// As many as callgrind can set up in some seconds.
const COUNTED: Size = Size { products: 10_000, changes: 0 };
/// How many requests are made anew before the first comes again, where instructions are counted.
const REQUESTS: usize = 4_096;

/// What requests bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Nothing beside what they must.
    Plainly,
    /// The encodings that browsers take.
    ForEncodings,
    /// The tag of what they have.
    WhetherChanged,
}

impl Asking {
    fn headers(self, etag: &str) -> String {
        match self {
            Self::Plainly => String::new(),
            Self::ForEncodings => "accept-encoding: gzip, deflate, br, zstd\r\n".to_owned(),
            Self::WhetherChanged => format!("if-none-match: {etag}\r\n"),
        }
    }
}

/// A caller with one connection to a server that runs on the same thread.
pub struct Pipe {
    runtime: Runtime,
    caller: DuplexStream,
    requests: Vec<Vec<u8>>,
    /// The first answer; the others have its length and its status line.
    first: Vec<u8>,
    answer: Vec<u8>,
    /// Told by a poll now and then that it is current.
    catalog: Option<Catalog>,
}

/// To a bare hyper server whose answers have the size and the headers of the others'.
pub fn constant(asking: Asking) -> Pipe {
    let like = catalog_query(asking);
    let constant = Constant::like(&like.first).expect("it is an answer");
    let constant = Arc::new(constant);
    let runtime = runtime();
    let (caller, served) = duplex(ROOM);
    runtime.spawn(constant.serve_connection(served));
    Pipe::new(runtime, caller, like.requests, None)
}

/// To catalog-query with a catalog in memory, by all that its requests pass through.
pub fn catalog_query(asking: Asking) -> Pipe {
    of_size(COUNTED, asking, REQUESTS)
}

/// The same with so many products, and so many recent changes of others.
pub fn grown(products: u32, changes: u32) -> Pipe {
    of_size(Size { products, changes }, Asking::Plainly, REQUESTS)
}

/// The same, and with so many requests before the first comes again.
pub(super) fn of_size(size: Size, asking: Asking, requests: usize) -> Pipe {
    let runtime = runtime();
    let (catalog, service) = {
        let _within = runtime.enter();
        Catalog::new(size)
    };
    let requests = catalog.requests(requests, &asking.headers(&catalog.etag()));
    let acceptor = Acceptor::new(&HttpSettings::default(), Readiness::new());
    let (caller, served) = duplex(ROOM);
    runtime.spawn(async move { acceptor.serve(served, service, CancellationToken::new()).await });
    Pipe::new(runtime, caller, requests, Some(catalog))
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime is made")
}

impl Pipe {
    fn new(
        runtime: Runtime,
        caller: DuplexStream,
        requests: Vec<Vec<u8>>,
        catalog: Option<Catalog>,
    ) -> Self {
        let mut pipe =
            Self { runtime, caller, requests, first: Vec::new(), answer: Vec::new(), catalog };
        pipe.exchange_first();
        pipe
    }

    /// Learns how long the answers are.
    fn exchange_first(&mut self) {
        let Self { runtime, caller, requests, first, answer, catalog } = self;
        if let Some(catalog) = catalog {
            catalog.polled();
        }
        runtime.block_on(async {
            caller.write_all(&requests[0]).await.expect("the server takes a request");
            let mut length = None;
            while length.is_none_or(|length| first.len() < length) {
                assert!(caller.read_buf(first).await.expect("the server answers") > 0);
                length = length.or_else(|| answer_length(first));
            }
        });
        answer.resize(first.len(), 0);
    }

    /// Sends so many requests, each after the answer to the one before.
    pub fn exchange(&mut self, requests: usize) {
        let Self { runtime, caller, requests: texts, first, answer, catalog } = self;
        runtime.block_on(async {
            for (turn, request) in texts.iter().cycle().take(requests).enumerate() {
                if let Some(catalog) = catalog
                    && turn % REQUESTS_PER_POLL == 0
                {
                    catalog.polled();
                }
                caller.write_all(request).await.expect("the server takes a request");
                caller.read_exact(answer).await.expect("the server answers");
                // The status line.
                assert_eq!(answer[..16], first[..16], "{}", String::from_utf8_lossy(answer));
            }
        });
    }
}

/// Of an answer whose head is there.
fn answer_length(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&answer[..head]).expect("a head is ASCII");
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().expect("a length is a number"));
    assert!(length <= BODY);
    Some(head + length)
}
