//! Reads at a fixed arrival rate: a slow answer does not make the next read later.

use std::{sync::Arc, time::Duration};

use rand::{SeedableRng as _, rngs::SmallRng};
use reqwest::Client;
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Answer, Catalog, Judge, ReadError, tally::count};

/// How long an answer may take before the read counts as failed.
const TIMEOUT: Duration = Duration::from_secs(10);
/// More than are in flight at any rate that the processes can carry.
const MOST_IN_FLIGHT: usize = 4_000;

/// A client that keeps its connections.
pub fn client() -> anyhow::Result<Client> {
    Ok(Client::builder().timeout(TIMEOUT).pool_max_idle_per_host(256).tcp_nodelay(true).build()?)
}

/// Reads one product from one process.
pub async fn read(client: &Client, address: &str, product: Uuid) -> Result<Answer, ReadError> {
    let request = client.get(format!("{address}/v1/products/{product}"));
    let response = request.send().await.map_err(|_| ReadError::Transport)?;
    Answer::of(response).await
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

impl ReadLoad {
    /// Reads until `stop` is cancelled, and waits for what is in flight.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let client = client()?;
        let mut random = SmallRng::seed_from_u64(self.seed);
        let places = Arc::new(Semaphore::new(MOST_IN_FLIGHT));
        let mut in_flight = JoinSet::new();
        let start = Instant::now();
        let mut addresses = self.addresses.iter().cycle();
        for turn in 0_u32.. {
            let due = start + Duration::from_secs(1) * turn / self.rate;
            if stop.run_until_cancelled(sleep_until(due)).await.is_none() {
                break;
            }
            while in_flight.try_join_next().is_some() {}
            let Some(address) = addresses.next().cloned() else { break };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                count(&self.judge.tally.not_sent);
                continue;
            };
            let (client, judge) = (client.clone(), self.judge.clone());
            let product = self.catalog.popular(&mut random);
            in_flight.spawn(async move {
                let asked_at = Instant::now();
                let outcome = read(&client, &address, product).await;
                judge.judge(product, asked_at, &outcome);
                drop(place);
            });
        }
        in_flight.join_all().await;
        Ok(())
    }
}
