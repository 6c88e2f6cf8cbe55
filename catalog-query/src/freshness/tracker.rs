//! Shows readers what polls and records have told. The one writer of the pod's state.

use std::sync::Arc;

use catalog_core::{
    contract::change::ChangeRecord,
    freshness::{Answer, Ask, Fill, Moment, Outcome, Step, Tracker as Core},
};

use super::{EpochState, Freshness};

/// What a replica knew, as readers will see it if it is taken.
pub(super) type Filled = catalog_core::freshness::Filled<EpochState>;

/// Makes of a fill what can be offered; of a million rows that takes a while.
pub(super) fn filled(fill: &Fill, limit: usize) -> Filled {
    let state = EpochState::new(fill.epoch);
    for row in &fill.rows {
        state.enter(*row);
    }
    state.set_floor(fill.floor);
    Filled::new(fill, limit, state)
}

/// Takes in what polls and records say, on the thread that has both.
#[derive(Debug)]
pub struct Tracker {
    core: Core<EpochState>,
    freshness: Arc<Freshness>,
    state: Arc<EpochState>,
}

impl Tracker {
    /// Knows nothing yet, and will remember so many changed things.
    pub fn new(freshness: Arc<Freshness>, limit: usize) -> Self {
        let state = Arc::clone(&freshness.state());
        Self { core: Core::new(limit), freshness, state }
    }

    /// Offers what a replica knew.
    pub(super) fn offer(&mut self, filled: Filled) {
        self.core.offer(filled);
    }

    /// What the next poll asks for.
    pub(super) fn ask(&mut self) -> &Ask {
        self.core.ask()
    }

    /// How many changed things are remembered.
    pub(super) fn remembered(&self) -> usize {
        self.core.remembered()
    }

    /// Takes in the answer to [`Self::ask`] of a poll sent at `sent`.
    pub fn apply(&mut self, sent: Moment, answer: Answer) -> Outcome {
        let (outcome, steps) = self.core.apply(sent, answer);
        for step in steps {
            self.take(step);
        }
        if outcome == Outcome::Counted {
            self.state.set_unseen(self.core.unseen().clone());
        }
        // One that was adopted is shown only now, when it can prove what the last one could.
        self.freshness.show(&self.state);
        if outcome == Outcome::Counted {
            self.freshness.counted(sent);
        }
        outcome
    }

    /// Takes in a record; says whether it was news.
    pub(super) fn hear(&mut self, record: &ChangeRecord) -> bool {
        let step = self.core.hear(record.epoch, record.row());
        let is_news = step.is_some();
        if let Some(step) = step {
            self.take(step);
        }
        is_news
    }

    fn take(&mut self, step: Step<EpochState>) {
        match step {
            Step::Begin(epoch) => self.state = Arc::new(EpochState::new(epoch)),
            Step::Adopt(state) => self.state = Arc::new(state),
            Step::Enter(rows) => rows.into_iter().for_each(|row| self.state.enter(row)),
            Step::SetFloor(floor) => self.state.set_floor(floor),
            Step::Publish(poll, beat) => self.state.publish(poll, beat),
            Step::Forget(rows) => self.state.forget(&rows),
        }
    }
}

#[cfg(test)]
mod tests;
