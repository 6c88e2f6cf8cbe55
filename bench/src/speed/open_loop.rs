//! Requests at a fixed rate whatever becomes of them, each kept with how it was answered. Unlike
//! [`Wire`](super::Wire) it takes refusals, tells when each answer came, and leaves the processor between
//! requests to others.

use std::{
    iter,
    net::SocketAddr,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use tokio::{
    task::{JoinHandle, JoinSet, spawn_blocking},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::{
    line::{Line, has_header},
    samples::{Asked, Sample},
    turns::Turns,
    wire::on_one_thread,
};

/// At high rates turns come together, so that there is time for something else between them.
const LEAST_PAUSE: Duration = Duration::from_micros(50);

/// A load.
#[derive(Debug, Clone)]
pub(super) struct OpenLoop {
    /// Who is asked.
    pub(super) address: SocketAddr,
    /// For what, in this order, again and again.
    pub(super) requests: Arc<[Vec<u8>]>,
    /// How many requests may be under way.
    pub(super) connections: usize,
    /// How many come a second.
    pub(super) rate: f64,
}

impl OpenLoop {
    /// Asks for so long.
    pub(super) async fn run(&self, lasts: Duration) -> anyhow::Result<Asked> {
        let stop = CancellationToken::new();
        let asked = self.start(stop.clone());
        sleep(lasts).await;
        stop.cancel();
        finished(asked).await
    }

    /// Asks until told to stop, and then waits for the answers that are still to come.
    pub(super) fn start(&self, stop: CancellationToken) -> JoinHandle<anyhow::Result<Asked>> {
        tokio::spawn(on_one_thread(self.clone().ask(stop)))
    }

    async fn ask(self, stop: CancellationToken) -> anyhow::Result<Asked> {
        let turns = Arc::new(Turns::default());
        let mut callers = JoinSet::new();
        for number in 0..self.connections {
            callers.spawn(call(Caller {
                line: Line::connect(self.address).await?,
                requests: Arc::clone(&self.requests),
                // Far enough apart that none asks for what another has just asked for.
                next: number * self.requests.len() / self.connections,
                turns: Arc::clone(&turns),
                stop: stop.clone(),
            }));
        }
        let (coming, rate) = (Arc::clone(&turns), self.rate);
        let begun = Instant::now();
        let pacing = spawn_blocking(move || pace(&coming, rate, &stop));
        pacing.await.context("the pace was lost")?;
        let ended = Instant::now();
        let unsent = turns.left() as u64;
        let mut samples = Vec::new();
        while let Some(answered) = callers.join_next().await {
            samples.append(&mut answered.context("a connection's task ended")??);
        }
        Ok(Asked { samples, unsent, ended, over: ended.duration_since(begun) })
    }
}

/// What a load that was started has come to.
pub(super) async fn finished(asked: JoinHandle<anyhow::Result<Asked>>) -> anyhow::Result<Asked> {
    asked.await.context("the load's thread ended")?
}

/// Lets turns come until told to stop.
fn pace(turns: &Turns, rate: f64, stop: &CancellationToken) {
    let between = Duration::from_secs_f64(1.0 / rate);
    let mut next = Instant::now();
    while !stop.is_cancelled() {
        let now = Instant::now();
        turns.come(iter::from_fn(|| {
            let due = next;
            (due <= now).then(|| {
                next += between;
                due
            })
        }));
        thread::sleep(next.saturating_duration_since(Instant::now()).max(LEAST_PAUSE));
    }
}

struct Caller {
    line: Line,
    requests: Arc<[Vec<u8>]>,
    next: usize,
    turns: Arc<Turns>,
    stop: CancellationToken,
}

async fn call(mut caller: Caller) -> anyhow::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    while let Some(due) = caller.turns.next(&caller.stop).await {
        let sent = Instant::now();
        let (status, answer) = caller.line.ask(&caller.requests[caller.next]).await?;
        let answered = Instant::now();
        let comes_again = status == 503 && has_header(answer, "retry-after");
        samples.push(Sample { due, sent, answered, status, comes_again });
        caller.next = (caller.next + 1) % caller.requests.len();
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn refusals_are_kept_with_what_they_say() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1];
            let refusal = b"HTTP/1.1 503 No\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";
            while stream.read_exact(&mut request).await.is_ok() {
                stream.write_all(refusal).await.unwrap();
            }
        });
        let requests = [b"x".to_vec()].into();
        let load = OpenLoop { address, requests, connections: 1, rate: 1_000.0 };
        let asked = load.run(Duration::from_millis(200)).await.unwrap();
        assert!(!asked.samples.is_empty());
        assert!(asked.samples.iter().all(|sample| sample.comes_again && !sample.is_good()));
        assert_eq!(asked.not_good(), asked.samples.len() as u64);
    }
}
