//! An answer, taken apart.

use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

/// An answer, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// What `Cache-Status` says of where it came from: `moka`, `redis-stale`, …
    pub(crate) fn layer(&self) -> &str {
        self.header("cache-status").split("detail=").nth(1).unwrap_or("")
    }

    pub(crate) fn is_stale(&self) -> bool {
        let stale = self.layer().ends_with("-stale");
        assert_eq!(stale, self.header("cache-status").contains("ttl=-"), "{self:?}");
        stale
    }

    pub(crate) fn version(&self) -> u64 {
        self.json()["version"].as_u64().unwrap_or(0)
    }
}
