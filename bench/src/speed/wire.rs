//! Requests over raw connections: a caller that costs less than any server that it measures.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use hdrhistogram::Histogram;
use tokio::{
    runtime::Builder,
    task::{JoinSet, spawn_blocking, yield_now},
};
use tokio_util::sync::CancellationToken;

use super::{caller::Caller, turns::Turns};
use crate::load::Times;

/// Requests for one server over some connections that stay open.
#[derive(Debug, Clone)]
pub struct Wire {
    /// The server.
    pub address: SocketAddr,
    /// What is asked, in this order, again and again.
    pub requests: Arc<[Vec<u8>]>,
    /// How many connections.
    pub connections: usize,
}

/// What came of a load.
#[derive(Debug)]
pub struct Carried {
    /// How many requests were answered.
    pub answered: u64,
    /// In how long.
    pub over: Duration,
    /// From the moment at which each was due to the last byte of its answer, in microseconds.
    pub latency: Histogram<u64>,
}

/// One answer of a load.
#[derive(Debug, Clone, Copy)]
pub struct Noted {
    /// The place of its request in the list.
    pub request: usize,
    /// When it was due.
    pub due: Instant,
    /// From then to its last byte.
    pub took: Duration,
    /// From when a connection was free to ask.
    pub waited: Duration,
}

impl Carried {
    /// Answers a second.
    pub fn a_second(&self) -> f64 {
        crate::report::as_figure(self.answered) / self.over.as_secs_f64()
    }
}

impl Wire {
    /// As many requests as the server answers, each connection's next one after its last answer.
    pub async fn flood(&self, lasts: Duration) -> anyhow::Result<Carried> {
        let wire = self.clone();
        on_one_thread(async move { wire.flooding(lasts).await }).await
    }

    async fn flooding(&self, lasts: Duration) -> anyhow::Result<Carried> {
        let begin = Instant::now();
        let latency = Arc::new(Times::default());
        let mut connections = JoinSet::new();
        for connection in 0..self.connections {
            let mut caller = Caller::connect(self, connection).await?;
            let latency = Arc::clone(&latency);
            connections.spawn(async move {
                let mut answered = 0;
                while begin.elapsed() < lasts {
                    let asked = Instant::now();
                    caller.ask().await?;
                    latency.record(asked.elapsed());
                    answered += 1;
                }
                anyhow::Ok(answered)
            });
        }
        carried(connections, begin, &latency).await
    }

    /// So many requests a second, whatever became of those before. The sender does not sleep between them:
    /// a timer's ticks are longer than the answers of a fast server.
    pub async fn pace(&self, rate: f64, lasts: Duration) -> anyhow::Result<Carried> {
        self.pace_noting(rate, lasts, |_| ()).await
    }

    /// The same; `note` hears of each answer.
    pub async fn pace_noting(
        &self,
        rate: f64,
        lasts: Duration,
        note: impl Fn(Noted) + Clone + Send + 'static,
    ) -> anyhow::Result<Carried> {
        let wire = self.clone();
        on_one_thread(async move { wire.pacing(rate, lasts, note).await }).await
    }

    async fn pacing(
        &self,
        rate: f64,
        lasts: Duration,
        note: impl Fn(Noted) + Clone + Send + 'static,
    ) -> anyhow::Result<Carried> {
        let turns = Arc::new(Turns::default());
        let latency = Arc::new(Times::default());
        let stop = CancellationToken::new();
        let mut connections = JoinSet::new();
        for connection in 0..self.connections {
            let mut caller = Caller::connect(self, connection).await?;
            let (turns, latency, stop) = (Arc::clone(&turns), Arc::clone(&latency), stop.clone());
            let note = note.clone();
            connections.spawn(async move {
                let mut answered = 0;
                while let Some(due) = turns.next(&stop).await {
                    let (request, asked) = (caller.place(), Instant::now());
                    caller.ask().await?;
                    let (took, waited) = (due.elapsed(), asked.elapsed());
                    latency.record(took);
                    note(Noted { request, due, took, waited });
                    answered += 1;
                }
                anyhow::Ok(answered)
            });
        }
        let begin = Instant::now();
        let between = Duration::from_secs_f64(1.0 / rate);
        let mut next = begin;
        while next.duration_since(begin) < lasts {
            while next > Instant::now() {
                yield_now().await;
            }
            turns.come([next]);
            next += between;
            yield_now().await;
        }
        stop.cancel();
        carried(connections, begin, &latency).await
    }

    /// Each request once, so that the server has seen all.
    pub async fn each_once(&self) -> anyhow::Result<()> {
        let mut connections = JoinSet::new();
        let share = self.requests.len().div_ceil(self.connections);
        for connection in 0..self.connections {
            let mut caller = Caller::connect(self, 0).await?;
            let (first, last) = (connection * share, (connection + 1) * share);
            let last = self.requests.len().min(last);
            caller.begin_at(first);
            connections.spawn(async move {
                for _ in first..last {
                    caller.ask().await?;
                }
                anyhow::Ok(0)
            });
        }
        carried(connections, Instant::now(), &Times::default()).await?;
        Ok(())
    }

    /// The first answer, whole.
    pub async fn first(&self) -> anyhow::Result<Vec<u8>> {
        let mut caller = Caller::connect(self, 0).await?;
        Ok(caller.ask().await?.to_vec())
    }
}

/// Away from all else that this process does, so that nothing waits for another thread to wake up.
pub(super) async fn on_one_thread<T: Send + 'static>(
    load: impl Future<Output = anyhow::Result<T>> + Send + 'static,
) -> anyhow::Result<T> {
    let run = || Builder::new_current_thread().enable_all().build()?.block_on(load);
    spawn_blocking(run).await.context("the load's thread ended")?
}

async fn carried(
    mut connections: JoinSet<anyhow::Result<u64>>,
    begin: Instant,
    latency: &Times,
) -> anyhow::Result<Carried> {
    let mut answered = 0;
    while let Some(ended) = connections.join_next().await {
        answered += ended.context("a connection's task ended")??;
    }
    Ok(Carried { answered, over: begin.elapsed(), latency: latency.reading() })
}
