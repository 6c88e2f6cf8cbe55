use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;

use super::positive;
use crate::settings::Invalid;

/// `http`: the port that serves callers.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct HttpSettings {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// How long a connection may take to send a request's head, counted from its acceptance or
    /// from the previous answer; so it is also how long an idle connection is kept, and twice that
    /// is how long a peer may take to read an answer.
    #[serde(with = "humantime_serde")]
    pub header_read_timeout: Duration,
    /// How long a request may take until its answer begins.
    #[serde(with = "humantime_serde")]
    pub request_timeout: Duration,
    /// How many connections may be open; more wait in the listen queue.
    pub max_connections: usize,
    /// How many requests may be worked on at once; the surplus gets 503 immediately.
    pub max_in_flight: usize,
    /// How many bytes a request's head may have.
    pub max_header_bytes: usize,
    /// How many bytes a request's body may have, where a route says nothing else.
    pub max_body_bytes: usize,
    /// How long requests in flight may take to end after the listener has closed.
    #[serde(with = "humantime_serde")]
    pub drain_timeout: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8080)),
            header_read_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(10),
            max_connections: 10_000,
            max_in_flight: 1_024,
            max_header_bytes: 32 * 1024,
            max_body_bytes: 1024 * 1024,
            drain_timeout: Duration::from_secs(15),
        }
    }
}

impl HttpSettings {
    /// Refuses limits that would let nothing through.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        for (key, value) in
            [("max_connections", self.max_connections), ("max_in_flight", self.max_in_flight)]
        {
            if value == 0 {
                return Err(Invalid::new(format!("{section}.{key}"), "is 0: set it to at least 1"));
            }
        }
        if self.max_header_bytes < 8192 {
            return Err(Invalid::new(
                format!("{section}.max_header_bytes"),
                "is too small: set it to at least 8192",
            ));
        }
        positive(section, "header_read_timeout", self.header_read_timeout)?;
        positive(section, "request_timeout", self.request_timeout)
    }
}

/// `ops`: the port of `/livez`, `/readyz`, `/metrics` and `/debug`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct OpsSettings {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
}

impl Default for OpsSettings {
    fn default() -> Self {
        Self { bind: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 9080)) }
    }
}
