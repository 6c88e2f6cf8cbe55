use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use futures::FutureExt as _;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tower::BoxError;
use tracing::Instrument as _;

use super::Failure;
use super::group::Group;

/// What a task belongs to, in the order in which they are stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Serves callers.
    Serve,
    /// Consumes, polls, publishes, refreshes.
    Consume,
    /// Keeps connections to stores.
    Store,
    /// The operations port and metrics, which last longest.
    Operate,
}

impl Stage {
    pub(super) const ALL: [Self; 4] = [Self::Serve, Self::Consume, Self::Store, Self::Operate];
}

/// Spawns tasks. Each has a name, is waited for at shutdown, and ends the process with a non-zero
/// exit code when it returns an error or panics. A task may end well at any time.
#[derive(Debug, Clone)]
pub struct Tasks(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    groups: [Group; Stage::ALL.len()],
    requested: CancellationToken,
    failures: mpsc::Sender<Failure>,
}

impl Tasks {
    pub(super) fn new() -> (Self, mpsc::Receiver<Failure>) {
        // The first failure decides; later ones are in the log.
        let (failures, first) = mpsc::channel(1);
        let inner =
            Inner { groups: Default::default(), requested: CancellationToken::new(), failures };
        (Self(Arc::new(inner)), first)
    }

    /// Spawns what `task` makes of the token that is cancelled when its stage is to stop.
    pub fn spawn<F, E>(
        &self,
        stage: Stage,
        name: &'static str,
        task: impl FnOnce(CancellationToken) -> F,
    ) where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        let group = self.group(stage);
        let running = group.enter(name);
        let future = AssertUnwindSafe(task(group.token.child_token())).catch_unwind();
        let tasks = self.clone();
        let span = tracing::info_span!("task", task.name = name);
        let watched = async move {
            let outcome = future.await;
            tasks.note(name, outcome.map(|ended| ended.map_err(Into::into)));
            drop(running);
        };
        group.tracker.spawn(watched.instrument(span));
    }

    /// Runs `task` on a thread of its own, named after it; otherwise as [`spawn`](Self::spawn).
    pub fn spawn_thread<E: Into<BoxError>>(
        &self,
        stage: Stage,
        name: &'static str,
        task: impl FnOnce(CancellationToken) -> Result<(), E> + Send + 'static,
    ) {
        let token = self.group(stage).token.child_token();
        let (ended, end) = oneshot::channel();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| task(token).map_err(Into::into)));
            // Nobody waits any longer when the process is being ended at once.
            let _ = ended.send(outcome);
        });
        self.spawn(stage, name, |_| async move {
            thread?;
            match end.await? {
                Ok(outcome) => outcome,
                Err(panic) => Err(panic_message(panic.as_ref()).into()),
            }
        });
    }

    /// A token that is cancelled when the stage is to stop.
    pub fn token(&self, stage: Stage) -> CancellationToken {
        self.group(stage).token.child_token()
    }

    /// Begins the shutdown, as SIGTERM does.
    pub fn request_shutdown(&self) {
        self.0.requested.cancel();
    }

    pub(super) async fn shutdown_requested(&self) {
        self.0.requested.cancelled().await;
    }

    pub(super) fn group(&self, stage: Stage) -> &Group {
        &self.0.groups[stage as usize]
    }

    pub(super) fn running(&self) -> Vec<&'static str> {
        self.0.groups.iter().flat_map(Group::running).collect()
    }

    fn note(&self, task: &'static str, outcome: Result<Result<(), BoxError>, Box<dyn Any + Send>>) {
        let reason = match outcome {
            Ok(Ok(())) => return,
            Ok(Err(error)) => with_causes(error.as_ref()),
            Err(panic) => panic_message(panic.as_ref()),
        };
        tracing::error!(task.name = task, error.message = reason, "task failed");
        // When the channel is full an earlier failure ends the process already.
        let _ = self.0.failures.try_send(Failure::Task { task, reason });
    }
}

fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panicked: {}", text.unwrap_or_else(|| "not a string".to_owned()))
}
