//! Reads at a fixed arrival rate: a slow answer does not make the next read later.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use catalog_core::contract::session_token::{CONSISTENCY_HEADER, HEADER, LOST_HEADER, STRONG};
use rand::{SeedableRng as _, rngs::SmallRng};
use reqwest::{
    Client,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Answer, Catalog, Judge, ReadError, arrivals::Arrivals, tally::count};
use crate::report::as_figure;

/// How long an answer may take before the read counts as failed: what catalog-query lets a caller
/// wait (`LOAD__WAIT`, 2.5 s), and a little for the way.
pub const READ_LIMIT: Duration = Duration::from_secs(3);
/// More than are in flight at any rate that the processes can carry.
const MOST_IN_FLIGHT: usize = 8_000;

/// Of a caller's token, in requests and answers.
pub const SESSION: HeaderName = HeaderName::from_static(HEADER);
/// Of an answer to a token of which some may be lost.
pub const SESSION_LOST: HeaderName = HeaderName::from_static(LOST_HEADER);

/// What a request has that is to be answered with what is current.
pub fn strong() -> HeaderMap {
    let name = HeaderName::from_static(CONSISTENCY_HEADER);
    HeaderMap::from_iter([(name, HeaderValue::from_static(STRONG))])
}

/// A client that keeps its connections and gives up a request after `limit`.
pub fn client(limit: Duration) -> anyhow::Result<Client> {
    Ok(Client::builder().timeout(limit).pool_max_idle_per_host(256).tcp_nodelay(true).build()?)
}

/// Reads one product from one process.
pub async fn read(client: &Client, address: &str, product: Uuid) -> Result<Answer, ReadError> {
    read_with(client, address, product, HeaderMap::new()).await.map(|(answer, _)| answer)
}

/// The same, with these headers; gives the answer's headers too.
pub async fn read_with(
    client: &Client,
    address: &str,
    product: Uuid,
    headers: HeaderMap,
) -> Result<(Answer, HeaderMap), ReadError> {
    let request = client.get(format!("{address}/v1/products/{product}")).headers(headers);
    let response = request.send().await.map_err(|_| ReadError::Transport)?;
    let given = response.headers().clone();
    Ok((Answer::of(response).await?, given))
}

/// Reads by popularity, from the processes in turn.
#[derive(Debug, Clone)]
pub struct ReadLoad {
    /// The processes.
    pub addresses: Vec<String>,
    /// What is read.
    pub catalog: Arc<Catalog>,
    /// Who judges the answers.
    pub judge: Judge,
    /// How many reads a second.
    pub rate: u32,
    /// Of the choice of products.
    pub seed: u64,
}

/// How many reads were sent, and over how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Reads that were sent.
    pub sent: u64,
    /// From the first turn until the load was to stop.
    pub over: Duration,
}

impl Pace {
    /// Reads sent a second.
    pub fn a_second(&self) -> f64 {
        as_figure(self.sent) / self.over.as_secs_f64()
    }
}

impl ReadLoad {
    /// Reads until `stop` is cancelled, and waits for what is in flight.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<Pace> {
        let client = client(READ_LIMIT)?;
        let mut random = SmallRng::seed_from_u64(self.seed);
        let mut in_flight = JoinSet::new();
        let begin = Instant::now();
        let mut sent = 0;
        let mut arrivals = Arrivals::new(begin, self.rate, MOST_IN_FLIGHT, stop);
        let mut addresses = self.addresses.iter().cycle();
        while let (Some(turn), Some(address)) = (arrivals.next().await, addresses.next()) {
            while let Some(ended) = in_flight.try_join_next() {
                ended.context("a read's task ended")?;
            }
            let Some(place) = turn.place else {
                count(&self.judge.tally.not_sent);
                continue;
            };
            sent += 1;
            let (client, judge, address) = (client.clone(), self.judge.clone(), address.clone());
            let product = self.catalog.popular(&mut random);
            in_flight.spawn(async move {
                let asked_at = Instant::now();
                count(&judge.tally.sent);
                judge.tally.lateness.record(asked_at - turn.due);
                let outcome = read(&client, &address, product).await;
                judge.tally.latency.record(turn.due.elapsed());
                judge.judge(product, asked_at, &outcome);
                drop(place);
            });
        }
        let over = begin.elapsed();
        while let Some(ended) = in_flight.join_next().await {
            ended.context("a read's task ended")?;
        }
        Ok(Pace { sent, over })
    }
}
