//! A catalog-query of a measurement's own, over the stack's stores.

use std::{fs, net::SocketAddr, path::Path, process::Command, time::Duration};

use anyhow::{Context as _, ensure};
use devstack::{Component, Stack};
use tokio::time::{Instant, sleep};

use super::{
    line::Line,
    metrics::Metrics,
    served::{Served, free_address},
};

/// How long it may take to say that it is ready.
const READY: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(50);

/// A catalog-query with one worker on the servers' processor.
pub(super) struct Pod {
    pub(super) server: Served,
    ops: SocketAddr,
}

impl Pod {
    /// Starts one with these settings beside those that the stack gives; its log is called `name`.
    pub(super) async fn start(
        stack: &Stack,
        folder: &Path,
        name: &str,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
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
        let server = Served::start("catalog-query", &command, address, &log).await?;
        let pod = Self { server, ops };
        pod.ready().await?;
        Ok(pod)
    }

    async fn ready(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + READY;
        while !matches!(self.ask_ops("/readyz").await, Ok((200, _))) {
            ensure!(Instant::now() < deadline, "catalog-query is not ready in time");
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// What it tells of itself now.
    pub(super) async fn metrics(&self) -> anyhow::Result<Metrics> {
        let (_, answer) = self.ask_ops("/metrics").await?;
        Ok(Metrics::new(&answer))
    }

    async fn ask_ops(&self, path: &str) -> anyhow::Result<(u16, Vec<u8>)> {
        let mut line = Line::connect(self.ops).await?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: operators.example\r\n\r\n");
        let (status, answer) = line.ask(request.as_bytes()).await?;
        Ok((status, answer.to_vec()))
    }
}
