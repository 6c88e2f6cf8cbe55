//! Named, tracked tasks, and the order in which a process ends:
//! unready → wait → stop serving → stop consumers → close stores → stop operations.

mod group;
mod tasks;

use std::pin::pin;

use futures::{Stream, StreamExt as _, stream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout_at};

use crate::health::Readiness;
use crate::settings::ShutdownSettings;

pub(crate) use tasks::panic_message;
pub use tasks::{Stage, Tasks};

/// Why a process does not end well; `main` turns it into a non-zero exit code by returning it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A task returned an error or panicked.
    #[error("the task {task} failed: {reason}")]
    Task {
        /// The task's name.
        task: &'static str,
        /// The error and its causes, or the panic's message.
        reason: String,
    },
    /// Tasks did not end before the deadline.
    #[error("shutdown took too long; still running: {}", .0.join(", "))]
    Deadline(Vec<&'static str>),
    /// A second signal came while the process was shutting down.
    #[error("told twice to end, so ended at once")]
    Impatience,
    /// The process cannot listen to signals.
    #[error("cannot listen to signals: {0}")]
    Signals(String),
}

/// The life of a process: holds its tasks, waits for its end, and ends it in order.
#[derive(Debug)]
pub struct Lifecycle {
    settings: ShutdownSettings,
    readiness: Readiness,
    tasks: Tasks,
    failures: mpsc::Receiver<Failure>,
}

impl Lifecycle {
    /// A process without tasks yet.
    pub fn new(settings: ShutdownSettings, readiness: Readiness) -> Self {
        let (tasks, failures) = Tasks::new();
        Self { settings, readiness, tasks, failures }
    }

    /// The handle by which tasks are spawned; clone it freely.
    pub fn tasks(&self) -> Tasks {
        self.tasks.clone()
    }

    /// Waits for SIGTERM, SIGINT, a task's failure or [`Tasks::request_shutdown`], then ends
    /// everything in order. A second signal ends the process at once.
    pub async fn run(self) -> Result<(), Failure> {
        let signals = signals().map_err(|error| Failure::Signals(error.to_string()))?;
        self.run_until(signals).await
    }

    async fn run_until(
        mut self,
        signals: impl Stream<Item = &'static str> + Send,
    ) -> Result<(), Failure> {
        let mut signals = pin!(signals.chain(stream::pending()));
        let failed = tokio::select! {
            name = signals.next() => {
                tracing::info!(signal.name = name, "shutting down");
                None
            }
            failure = self.failures.recv() => failure,
            () = self.tasks.shutdown_requested() => None,
        };
        tokio::select! {
            biased;
            ended = self.end() => match failed.or_else(|| self.failures.try_recv().ok()) {
                Some(failure) => Err(failure),
                None => ended,
            },
            _ = signals.next() => Err(Failure::Impatience),
        }
    }

    async fn end(&self) -> Result<(), Failure> {
        let deadline = Instant::now() + self.settings.deadline;
        self.readiness.stop();
        sleep(self.settings.wait).await;
        for stage in Stage::ALL {
            let group = self.tasks.group(stage);
            tracing::info!(shutdown.stage = ?stage, "stopping");
            if timeout_at(deadline, group.stop()).await.is_err() {
                return Err(Failure::Deadline(self.tasks.running()));
            }
        }
        tracing::info!("shut down");
        Ok(())
    }
}

fn signals() -> std::io::Result<impl Stream<Item = &'static str> + Send> {
    let terminate = signal(SignalKind::terminate())?;
    let interrupt = signal(SignalKind::interrupt())?;
    Ok(stream::unfold((terminate, interrupt), async |(mut terminate, mut interrupt)| {
        let name = tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        Some((name, (terminate, interrupt)))
    }))
}

#[cfg(test)]
mod tests;
