use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The tasks of one stage.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) token: CancellationToken,
    pub(super) tracker: TaskTracker,
    running: Arc<Mutex<BTreeMap<&'static str, usize>>>,
}

impl Group {
    /// Tells the tasks to stop and waits until they have.
    pub(super) async fn stop(&self) {
        self.token.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }

    pub(super) fn running(&self) -> Vec<&'static str> {
        self.running.lock().keys().copied().collect()
    }

    /// Counts a task as running until the guard is dropped.
    pub(super) fn enter(&self, name: &'static str) -> Running {
        *self.running.lock().entry(name).or_default() += 1;
        Running { name, running: Arc::clone(&self.running) }
    }
}

pub(super) struct Running {
    name: &'static str,
    running: Arc<Mutex<BTreeMap<&'static str, usize>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = self.running.lock();
        if let Some(count) = running.get_mut(self.name) {
            *count -= 1;
            if *count == 0 {
                running.remove(self.name);
            }
        }
    }
}
