//! Starting, stopping and breaking single components.

use std::fs;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::time::{Instant, sleep};

use crate::health::{is_ready, running};
use crate::process::wait_gone;
use crate::{Component, Error, Result, Stack, kafka, postgres, redis, services};

const POLL: Duration = Duration::from_millis(25);

impl Stack {
    /// Starts a component, unless it runs already, and waits until it is ready. The ports, the
    /// data and the environment are those of its last start.
    pub async fn start(&self, component: Component) -> Result<()> {
        self.launch(component).await?;
        self.wait_ready(component).await
    }

    /// Starts a component, or lets it go on when it was paused, and does not wait for it.
    pub async fn launch(&self, component: Component) -> Result<()> {
        let state = self.state();
        if let Some(process) = running(&state, component) {
            if process.is_paused() {
                process.signal_tree(Signal::SIGCONT);
            }
            return Ok(());
        }
        state.ports.check_free(component).await?;
        // Boxed, because whoever waits for a start would carry all of this in its own future.
        let process = match component {
            Component::Primary => Box::pin(postgres::launch_primary(&state)).await?,
            Component::Replica => Box::pin(postgres::launch_replica(&state)).await?,
            Component::Redis => Box::pin(redis::launch(&state)).await?,
            Component::Kafka => Box::pin(kafka::launch(&state)).await?,
            Component::QueryOne
            | Component::QueryTwo
            | Component::Admin
            | Component::Invalidator => services::launch(&state, component)?,
        };
        self.update(|state| {
            state.processes.insert(component, process);
        })
    }

    /// Waits until a component that was started is ready.
    pub async fn wait_ready(&self, component: Component) -> Result<()> {
        let state = self.state();
        let limit = ready_limit(component);
        let log = state.layout().log(component);
        let process =
            state.processes.get(&component).copied().ok_or(Error::NotStarted(component.name()))?;
        let deadline = Instant::now() + limit;
        while !is_ready(&state, component).await {
            if !process.is_alive() {
                return Err(Error::Died { what: component.to_string(), tail: tail(&log), log });
            }
            if Instant::now() > deadline {
                return Err(Error::NotReady {
                    what: component.to_string(),
                    seconds: limit.as_secs(),
                    log,
                });
            }
            sleep(POLL).await;
        }
        Ok(())
    }

    /// Asks a component to end in order, and kills it when it does not.
    pub async fn stop(&self, component: Component) {
        let Some(process) = running(&self.state(), component) else {
            return;
        };
        process.signal_tree(Signal::SIGCONT);
        process.signal(stop_signal(component));
        let ended = blocking(move || wait_gone(&[process], stop_limit(component))).await;
        if !ended {
            blocking(move || process.kill_tree()).await;
        }
        self.forget(component);
    }

    /// Kills a component with SIGKILL, all its processes at once, and waits until they are gone.
    pub async fn kill(&self, component: Component) {
        if let Some(process) = running(&self.state(), component) {
            blocking(move || process.kill_tree()).await;
            self.forget(component);
        }
    }

    /// Stops a component with SIGSTOP: its connections stay open, and nothing answers.
    pub async fn pause(&self, component: Component) {
        if let Some(process) = running(&self.state(), component) {
            blocking(move || process.pause_tree()).await;
        }
    }

    /// Lets a paused component go on.
    pub fn resume(&self, component: Component) {
        if let Some(process) = running(&self.state(), component) {
            process.signal_tree(Signal::SIGCONT);
        }
    }

    /// Has Redis forget everything.
    pub async fn flush_redis(&self) -> Result<()> {
        redis::flush(self.state().ports.redis).await
    }

    /// Takes the number of a process that has ended out of `stack.json`: it will be another's.
    fn forget(&self, component: Component) {
        let forgotten = self.update(|state| {
            state.processes.remove(&component);
        });
        if let Err(error) = forgotten {
            eprintln!("{component} has ended, but its process id stays in stack.json: {error}");
        }
    }

    /// Kills all that runs, at once and blocking.
    pub fn kill_all(&self) {
        let state = self.state();
        for component in Component::all() {
            if let Some(process) = running(&state, component) {
                process.kill_tree();
            }
        }
    }
}

/// Long enough for a recovery after a crash on a slow disk.
fn ready_limit(component: Component) -> Duration {
    match component {
        Component::Primary | Component::Replica => Duration::from_mins(2),
        Component::Redis => Duration::from_secs(20),
        Component::Kafka
        | Component::QueryOne
        | Component::QueryTwo
        | Component::Admin
        | Component::Invalidator => Duration::from_mins(1),
    }
}

fn stop_limit(component: Component) -> Duration {
    if component.is_service() { Duration::from_secs(30) } else { Duration::from_secs(20) }
}

/// For PostgreSQL the "fast" way: sessions are ended rather than waited for.
fn stop_signal(component: Component) -> Signal {
    match component {
        Component::Primary | Component::Replica => Signal::SIGINT,
        Component::Redis
        | Component::Kafka
        | Component::QueryOne
        | Component::QueryTwo
        | Component::Admin
        | Component::Invalidator => Signal::SIGTERM,
    }
}

/// Runs a short wait aside from the runtime's threads.
async fn blocking(work: impl FnOnce() -> bool + Send + 'static) -> bool {
    tokio::task::spawn_blocking(work).await.unwrap_or(false)
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join(" | ")
}
