//! Changes that wait to be looked at.

use std::collections::HashMap;

use catalog_core::{contract::memory::MOST_KEYS, key::EntityKey};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::{Delay, Probe, queue::skipped};

/// Changes that wait for their delay, in the order of their effects.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) delay: Delay,
    incoming: mpsc::Receiver<Probe>,
    /// Taken, and not due yet.
    early: Option<Probe>,
}

impl Waiting {
    pub(super) fn new(delay: Delay, incoming: mpsc::Receiver<Probe>) -> Self {
        Self { delay, incoming, early: None }
    }

    /// Those that are due, the last of each thing; `None` when no more will come.
    pub(super) async fn due(&mut self) -> Option<HashMap<EntityKey, Probe>> {
        let first = match self.early.take() {
            Some(early) => early,
            None => self.incoming.recv().await?,
        };
        sleep_until(first.made + self.delay.duration()).await;
        let now = Instant::now();
        let mut due = HashMap::new();
        let mut next = Some(first);
        while let Some(probe) = next {
            if probe.made + self.delay.duration() > now {
                self.early = Some(probe);
                break;
            }
            if probe.made + self.delay.latest() < now {
                skipped(self.delay, "late");
            } else {
                let last = due.entry(probe.change.entity()).or_insert(probe);
                let position = |probe: &Probe| (probe.change.epoch, probe.change.version);
                if position(&probe) > position(last) {
                    *last = probe;
                }
            }
            if due.len() == MOST_KEYS {
                break;
            }
            next = self.incoming.try_recv().ok();
        }
        Some(due)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use catalog_core::{
        contract::change::ChangeRecord,
        freshness::{Epoch, Version, Xid},
        key::Kind,
    };
    use uuid::Uuid;

    use super::*;
    use crate::audit::AuditQueue;

    fn change(id: u128, version: u64) -> ChangeRecord {
        ChangeRecord {
            epoch: Epoch(5),
            kind: Kind::Product,
            id: Uuid::from_u128(id),
            version: Version(version),
            deleted: false,
            xid: Xid(1),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_due_comes_together_and_of_each_thing_the_last() {
        let (queue, incoming) = AuditQueue::new(10, Delay::OneSecond);
        let mut waiting = Waiting::new(Delay::OneSecond, incoming);
        for noted in [change(1, 2), change(1, 3), change(2, 7)] {
            queue.note(&noted);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        queue.note(&change(3, 1));
        let begun = Instant::now();
        let due = waiting.due().await.unwrap();
        let mut versions: Vec<_> = due.values().map(|probe| probe.change.version).collect();
        versions.sort();
        assert_eq!(versions, [Version(3), Version(7)]);
        assert_eq!(waiting.due().await.unwrap().len(), 1);
        assert_eq!(begun.elapsed(), Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_too_late_is_not_looked_at() {
        let (queue, incoming) = AuditQueue::new(10, Delay::OneSecond);
        let mut waiting = Waiting::new(Delay::OneSecond, incoming);
        queue.note(&change(1, 2));
        tokio::time::sleep(Delay::OneSecond.latest() + Duration::from_millis(1)).await;
        queue.note(&change(2, 2));
        assert!(waiting.due().await.unwrap().is_empty());
        assert_eq!(waiting.due().await.unwrap().len(), 1);
    }
}
