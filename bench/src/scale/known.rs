//! What a process knows of changes, by the code that processes run.

use std::collections::HashMap;

use catalog_core::{
    freshness::{Answer, Epoch, Moment, Pod, Published, Row, Step, Tracker, UNKNOWN, Version, Xid},
    key::EntityKey,
};

/// What a process knows. All hear of every edit within milliseconds, so one copy stands for all of them.
#[derive(Debug)]
pub(super) struct Known {
    /// Nothing is ever offered to it, so what it would adopt has no content.
    tracker: Tracker<()>,
    epoch: Epoch,
    recent: HashMap<EntityKey, Version>,
    floor: Xid,
    published: Published,
}

impl Known {
    /// Nothing yet; so many changed things will be remembered.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            tracker: Tracker::new(limit),
            epoch: Epoch::NONE,
            recent: HashMap::new(),
            floor: UNKNOWN,
            published: Published { sent: Moment(0), horizon: Xid(0) },
        }
    }

    /// The newest poll that counted.
    pub(super) fn published(&self) -> Published {
        self.published
    }

    /// The topic tells of a change.
    pub(super) fn hear(&mut self, row: Row) {
        if let Some(step) = self.tracker.hear(self.epoch, row) {
            self.take(step);
        }
    }

    /// The primary answers a poll.
    pub(super) fn polled(&mut self, sent: Moment, answer: Answer) {
        let (_, steps) = self.tracker.apply(sent, answer);
        for step in steps {
            self.take(step);
        }
    }

    fn take(&mut self, step: Step<()>) {
        match step {
            Step::Begin(epoch) => self.epoch = epoch,
            Step::Adopt(()) => {}
            Step::Enter(rows) => {
                for row in rows {
                    let known = self.recent.entry(row.key).or_insert(row.version);
                    *known = row.version.max(*known);
                }
            }
            Step::SetFloor(floor) => self.floor = floor,
            Step::Publish(poll, _) => self.published = poll,
            Step::Forget(rows) => {
                for row in rows {
                    self.recent.remove(&row.key);
                }
            }
        }
    }
}

impl Pod for Known {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    fn recent(&self, key: &EntityKey) -> Option<Version> {
        self.recent.get(key).copied()
    }

    fn floor(&self) -> Xid {
        self.floor
    }
}
