//! Asks pods of catalog-query what their memory has.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    net::SocketAddr,
    time::Duration,
};

use catalog_core::{
    contract::memory::{KEYS, Memory, PATH, Remembered},
    key::EntityKey,
};
use futures::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use parking_lot::Mutex;
use reqwest::{Client, header::HOST};
use tokio::{
    net::lookup_host,
    sync::Semaphore,
    time::{Instant, timeout, timeout_at},
};

use super::{sighting::Layer, tally::failed};

/// How long a name server is waited for,
const LOOKUP: Duration = Duration::from_millis(500);
/// and all pods together.
const LIMIT: Duration = Duration::from_secs(1);
/// A pod that did not answer is left alone for so long.
const REST: Duration = Duration::from_secs(10);
/// So many answers may be on their way at once, of all looks,
const AT_ONCE: usize = 16;
/// and so many pods are asked at most.
const MOST_PODS: usize = 1_000;
/// A hundred products in two hundred views.
const LONGEST_ANSWER: usize = 4 << 20;

/// All pods of catalog-query.
#[derive(Debug)]
pub struct Pods {
    client: Client,
    names: Vec<String>,
    room: Semaphore,
    /// Until when those are left alone that did not answer.
    resting: Mutex<HashMap<SocketAddr, Instant>>,
}

/// What the pods have.
#[derive(Debug, Default)]
pub(super) struct Memories {
    /// Each pod's, and when that was asked.
    pub(super) told: Vec<(SocketAddr, Instant, Vec<Remembered>)>,
    /// Whether some did not tell: of what the others have not, nothing is known.
    pub(super) is_partial: bool,
}

#[derive(Debug, thiserror::Error)]
enum PodError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the answer is not what a pod tells")]
    Json(#[from] serde_json::Error),
    #[error("the answer is longer than {LONGEST_ANSWER} bytes")]
    TooLong,
}

impl Pods {
    /// Behind these names, each as `host:port`; a name may stand for many pods.
    pub fn new(names: Vec<String>) -> reqwest::Result<Self> {
        let client = Client::builder().timeout(LIMIT).no_proxy().build()?;
        let (room, resting) = (Semaphore::new(AT_ONCE), Mutex::default());
        Ok(Self { client, names, room, resting })
    }

    /// What each of them has of these keys.
    pub(super) async fn memory(&self, keys: &[EntityKey]) -> Memories {
        let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
        let keys = keys.join(",");
        let mut memories = Memories::default();
        let pods = self.addresses(&mut memories).await;
        let deadline = Instant::now() + LIMIT;
        let mut waiting = HashSet::new();
        let mut answers = FuturesUnordered::new();
        for (pod, name) in pods {
            waiting.insert(pod);
            answers.push(self.ask(pod, name, &keys).map(move |answer| (pod, answer)));
        }
        while let Ok(Some((pod, answer))) = timeout_at(deadline, answers.next()).await {
            match answer {
                Ok((asked, memory)) => {
                    waiting.remove(&pod);
                    memories.told.push((pod, asked, memory.entries));
                }
                Err(error) => {
                    tracing::debug!(pod = %pod, error.message = %error, "a pod does not tell its memory");
                }
            }
        }
        for pod in waiting {
            failed(Layer::Moka);
            memories.is_partial = true;
            self.resting.lock().insert(pod, Instant::now() + REST);
        }
        memories
    }

    /// By its address, and called by the name that led there: a mesh lets nothing else through.
    async fn ask(
        &self,
        pod: SocketAddr,
        name: &str,
        keys: &str,
    ) -> Result<(Instant, Memory), PodError> {
        let _room = self.room.acquire().await;
        let asked = Instant::now();
        let url = format!("http://{pod}{PATH}?{KEYS}={keys}");
        let mut answer =
            self.client.get(url).header(HOST, name).send().await?.error_for_status()?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(PodError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok((asked, serde_json::from_slice(&body)?))
    }

    /// Looked up each time: pods come and go.
    async fn addresses(&self, memories: &mut Memories) -> BTreeMap<SocketAddr, &str> {
        let mut addresses = BTreeMap::new();
        for name in &self.names {
            if let Ok(Ok(found)) = timeout(LOOKUP, lookup_host(name)).await {
                addresses.extend(found.take(MOST_PODS).map(|pod| (pod, name.as_str())));
            } else {
                failed(Layer::Moka);
                memories.is_partial = true;
                tracing::debug!(name, "a name leads to no pod");
            }
        }
        let now = Instant::now();
        let mut resting = self.resting.lock();
        resting.retain(|_, until| *until > now);
        memories.is_partial |= addresses.keys().any(|pod| resting.contains_key(pod));
        addresses.retain(|pod, _| !resting.contains_key(pod));
        addresses
    }
}
