//! Servers that are measured, each a process on the one processor that servers have.

use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};

use anyhow::{Context as _, bail};
use tokio::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::{Instant, sleep},
};

use super::cpu;

/// The processor on which servers run; whoever asks them runs on another.
const PROCESSOR: &str = "0";
/// How long a server may take to begin to listen.
const START: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(20);

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Served {
    /// What it is called in reports.
    pub(crate) name: &'static str,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    child: Child,
    pid: u32,
}

impl Served {
    /// Starts `command` and waits until it listens at `address`. What it says goes to the file `log`.
    pub(crate) async fn start(
        name: &'static str,
        command: &std::process::Command,
        address: SocketAddr,
        log: &Path,
    ) -> anyhow::Result<Self> {
        let output = std::fs::File::create(log)
            .with_context(|| format!("cannot write {}", log.display()))?;
        let mut pinned = Command::new("taskset");
        pinned.args(["--cpu-list", PROCESSOR]).arg(command.get_program()).args(command.get_args());
        for (variable, value) in command.get_envs() {
            pinned.env(variable, value.unwrap_or_default());
        }
        let child = pinned
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {name} with taskset"))?;
        let pid = child.id().context("the server has ended already")?;
        let mut served = Self { name, address, child, pid };
        served.listening(log).await?;
        Ok(served)
    }

    async fn listening(&mut self, log: &Path) -> anyhow::Result<()> {
        let deadline = Instant::now() + START;
        while TcpStream::connect(self.address).await.is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}: see {}", self.name, log.display());
            }
            if Instant::now() > deadline {
                bail!("{} does not listen in time: see {}", self.name, log.display());
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Its process, or the first of them.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// User and system time of all its processes since they began.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        cpu::of_tree(self.pid)
    }
}

/// An address of this machine that nobody listens at.
pub(crate) async fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok(listener.local_addr()?)
}
