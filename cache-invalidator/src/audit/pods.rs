//! Asks pods of catalog-query what their memory has.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use catalog_core::{
    contract::memory::{KEYS, Memory, PATH, Remembered},
    key::EntityKey,
};
use futures::{FutureExt as _, StreamExt as _, stream};
use metrics::counter;
use reqwest::{Client, header::HOST};
use tokio::{net::lookup_host, time::timeout};

use crate::metrics::AUDIT_POD_FAILURES;

/// How long a name server and each pod are waited for.
const LIMIT: Duration = Duration::from_secs(1);
/// So many pods are asked at once,
const AT_ONCE: usize = 8;
/// and so many at most.
const MOST_PODS: usize = 1_000;
/// Of a hundred products in a thousand views.
const LONGEST_ANSWER: usize = 32 << 20;

/// All pods of catalog-query.
#[derive(Debug)]
pub struct Pods {
    client: Client,
    names: Vec<String>,
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
        Ok(Self { client, names })
    }

    /// What each of them has of these keys.
    pub(super) async fn memory(&self, keys: &[EntityKey]) -> Vec<(SocketAddr, Vec<Remembered>)> {
        let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
        let keys = keys.join(",");
        let mut asked = Vec::new();
        for (pod, name) in self.addresses().await {
            let ask = self.ask(pod, name, &keys);
            asked.push(ask.map(move |answer| (pod, answer)));
        }
        let answers: Vec<_> = stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
        let told = |(pod, answer): (SocketAddr, Result<Memory, PodError>)| {
            let memory = answer.inspect_err(|error| {
                counter!(AUDIT_POD_FAILURES).increment(1);
                tracing::debug!(pod = %pod, error.message = %error, "a pod does not tell its memory");
            });
            Some((pod, memory.ok()?.entries))
        };
        answers.into_iter().filter_map(told).collect()
    }

    /// By its address, and called by the name that led there: a mesh lets nothing else through.
    async fn ask(&self, pod: SocketAddr, name: &str, keys: &str) -> Result<Memory, PodError> {
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
        Ok(serde_json::from_slice(&body)?)
    }

    /// Looked up each time: pods come and go.
    async fn addresses(&self) -> BTreeMap<SocketAddr, &str> {
        let mut addresses = BTreeMap::new();
        for name in &self.names {
            match timeout(LIMIT, lookup_host(name)).await {
                Ok(Ok(found)) => {
                    addresses.extend(found.take(MOST_PODS).map(|pod| (pod, name.as_str())));
                }
                Ok(Err(error)) => {
                    counter!(AUDIT_POD_FAILURES).increment(1);
                    tracing::debug!(name, error.message = %error, "a name leads to no pod");
                }
                Err(_) => counter!(AUDIT_POD_FAILURES).increment(1),
            }
        }
        addresses.into_iter().take(MOST_PODS).collect()
    }
}
