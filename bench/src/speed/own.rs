//! A catalog-query of the measurement's own, over the stack's stores.

use std::{net::SocketAddr, path::Path, process::Command, time::Duration};

use anyhow::ensure;
use devstack::{Component, Stack};
use reqwest::Client;
use tokio::time::{Instant, sleep};

use super::served::{Served, free_address};
use crate::{
    load::{READ_LIMIT, client},
    prometheus::Page,
};

/// The setting of how much is kept in memory.
pub(super) const MEMORY: &str = "VITRINA_CACHE__MEMORY_BYTES";
/// Enough for every product with all its encodings.
pub(super) const ROOMY: &str = "2147483648";
/// Enough for all categories, for which an eighth is set aside, and for one product in fifty or so.
pub(super) const SCANT: &str = "8388608";

/// How long it may take to become ready.
const READY: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(20);

/// A catalog-query that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Own {
    /// Its process.
    pub(super) served: Served,
    ops: SocketAddr,
    client: Client,
}

impl Own {
    /// Starts it with one worker and waits until it is ready. Of the stack's settings, and of that one worker,
    /// `settings` change what they name.
    pub(super) async fn start(
        stack: &Stack,
        folder: &Path,
        name: &'static str,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let (address, ops) = (free_address().await?, free_address().await?);
        let program = std::env::current_exe()?.with_file_name("catalog-query");
        let mut command = Command::new(program);
        command
            .envs(stack.service_environment(Component::QueryOne))
            .env("VITRINA_HTTP__BIND", address.to_string())
            .env("VITRINA_OPS__BIND", ops.to_string())
            .env("VITRINA_LOG__FILTER", "warn")
            .env("TOKIO_WORKER_THREADS", "1")
            .envs(settings.iter().copied());
        let log = folder.join(name).with_extension("log");
        let served = Served::start(name, &command, address, &log).await?;
        let own = Self { served, ops, client: client(READ_LIMIT)? };
        own.ready().await?;
        Ok(own)
    }

    async fn ready(&self) -> anyhow::Result<()> {
        let url = format!("http://{}/readyz", self.ops);
        let deadline = Instant::now() + READY;
        while !self.client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            ensure!(Instant::now() < deadline, "{} is not ready in time", self.served.name);
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Where it answers callers.
    pub(super) const fn address(&self) -> SocketAddr {
        self.served.address
    }

    /// Its metrics now.
    pub(super) async fn metrics(&self) -> anyhow::Result<Page> {
        Page::read(&self.client, &format!("http://{}", self.ops)).await
    }

    /// How many statements it has asked of the replica to load products and what belongs to them, answered
    /// or not.
    pub(super) async fn replica_loads(&self) -> anyhow::Result<u64> {
        self.metrics().await?.counted("vitrina_loads_total", &["layer=\"replica\""])
    }
}
