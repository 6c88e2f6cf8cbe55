//! Takes in what polls and records say. The one writer of the pod's state.

use std::{cmp::Ordering, sync::Arc};

use catalog_core::{
    contract::change::ChangeRecord,
    freshness::{Epoch, Moment, Pod as _, RecentLedger, Unseen, Version, Xid},
};

use crate::store::versions::{Answer, Ask, Fill};

use super::{EpochState, Freshness, Published};

/// What came of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It counted: the pod knows all that was acknowledged before it was sent.
    Counted,
    /// It showed a new epoch, and of it only that was used. Ask again at once.
    NewEpoch,
    /// The primary has no valid incarnation row, so nothing that it says counts.
    NoIncarnation,
    /// A lower epoch than one already seen calls itself valid.
    LowerEpoch,
    /// It returned rows of another history than its snapshot's.
    ForeignRows,
}

impl Outcome {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::NewEpoch => "new_epoch",
            Self::NoIncarnation => "no_incarnation",
            Self::LowerEpoch => "lower_epoch",
            Self::ForeignRows => "foreign_rows",
        }
    }
}

/// What a replica knew, ready to stand as if an earlier poll of its epoch had returned its rows. It
/// takes a while to make of a million rows, so it is made before it is offered.
#[derive(Debug)]
pub(super) struct Filled {
    horizon: Xid,
    state: EpochState,
    ledger: RecentLedger,
}

impl Filled {
    /// Of this fill, remembering so many things.
    pub(super) fn new(fill: Fill, limit: usize) -> Self {
        let state = EpochState::new(fill.epoch);
        let mut ledger = RecentLedger::new(fill.floor, limit);
        for row in fill.rows {
            ledger.enter(row);
            state.enter(row);
        }
        ledger.polled(fill.horizon);
        state.set_floor(fill.floor);
        Self { horizon: fill.horizon, state, ledger }
    }

    fn is_of(&self, epoch: Epoch) -> bool {
        self.state.epoch() == epoch
    }
}

/// Takes in what polls and records say, on the thread that has both.
#[derive(Debug)]
pub(super) struct Tracker {
    freshness: Arc<Freshness>,
    state: Arc<EpochState>,
    ledger: RecentLedger,
    ask: Ask,
    /// Taken from a replica at the start; the next question will be for what it has not seen.
    offered: Option<Filled>,
    /// The same once that question has been asked; used if the answer is of its epoch.
    asked_for: Option<Filled>,
    limit: usize,
}

impl Tracker {
    pub(super) fn new(freshness: Arc<Freshness>, limit: usize) -> Self {
        let state = Arc::clone(&freshness.state());
        let ledger = RecentLedger::new(Xid(0), limit);
        let ask = Ask::Beginning;
        Self { freshness, state, ledger, ask, offered: None, asked_for: None, limit }
    }

    /// Offers what a replica knew. It counts as if the pod had begun with it and with the first poll
    /// that asks for all that it has not seen, whatever has been polled before.
    pub(super) fn offer(&mut self, filled: Filled) {
        let (none, epoch) = (Epoch::NONE, self.state.epoch());
        if !filled.is_of(none) && (epoch == none || filled.is_of(epoch)) {
            self.offered = Some(filled);
        }
    }

    /// What the next poll asks for.
    pub(super) fn ask(&mut self) -> &Ask {
        if let Some(filled) = self.offered.take() {
            self.ask = Ask::Unseen(Unseen { from: filled.horizon, also: Vec::new() });
            self.asked_for = Some(filled);
        }
        &self.ask
    }

    /// How many changed things are remembered.
    pub(super) fn remembered(&self) -> usize {
        self.ledger.len()
    }

    /// Takes in the answer to [`Self::ask`] of a poll sent at `sent`.
    pub(super) fn apply(&mut self, sent: Moment, answer: &Answer) -> Outcome {
        if !answer.counts || answer.epoch == Epoch::NONE {
            return Outcome::NoIncarnation;
        }
        let order = answer.epoch.cmp(&self.state.epoch());
        let filled = self.asked_for.take_if(|filled| filled.is_of(answer.epoch));
        match (order, filled) {
            (Ordering::Less, _) => return Outcome::LowerEpoch,
            (_, Some(filled)) => self.adopt(filled),
            (Ordering::Greater, None) => {
                self.begin(answer.epoch);
                return Outcome::NewEpoch;
            }
            (Ordering::Equal, None) => {}
        }
        if answer.rows.iter().any(|row| row.xid >= answer.snapshot.end()) {
            return Outcome::ForeignRows;
        }
        self.count(sent, answer);
        Outcome::Counted
    }

    /// Takes in a record. It may be lost, late, doubled, out of order or wrong, so it can only
    /// disprove; says whether it was news.
    pub(super) fn hear(&mut self, record: &ChangeRecord) -> bool {
        let row = record.row();
        let is_relevant = record.epoch == self.state.epoch() && record.version > Version(0);
        if !is_relevant || row.xid < self.state.floor() {
            return false;
        }
        let news = self.ledger.enter(row);
        if news {
            self.state.enter(row);
        }
        news
    }

    /// A new epoch empties what the pod knows.
    fn begin(&mut self, epoch: Epoch) {
        self.state = Arc::new(EpochState::new(epoch));
        self.ledger = RecentLedger::new(Xid(0), self.limit);
        self.ask = Ask::Beginning;
        self.offered.take_if(|filled| !filled.is_of(epoch));
        self.asked_for = None;
        self.freshness.begin(Arc::clone(&self.state));
    }

    /// What has been heard and not polled is forgotten with the rest: records prove nothing.
    fn adopt(&mut self, filled: Filled) {
        self.ledger = filled.ledger;
        self.state = Arc::new(filled.state);
        self.freshness.begin(Arc::clone(&self.state));
    }

    fn count(&mut self, sent: Moment, answer: &Answer) {
        let horizon = answer.snapshot.horizon();
        if self.ask == Ask::Beginning {
            self.ledger = RecentLedger::new(horizon, self.limit);
        }
        for row in &answer.rows {
            self.ledger.enter(*row);
            // Whatever the ledger holds by a record: what a poll says is always entered.
            self.state.enter(*row);
        }
        self.ledger.polled(horizon);
        if self.ask == Ask::Beginning {
            self.state.set_floor(horizon);
        }
        self.state.publish(Published { sent, horizon }, answer.beat);
        self.freshness.counted(sent);
        self.ask = Ask::Unseen(answer.snapshot.unseen());
        self.shrink();
    }

    fn shrink(&mut self) {
        if let Some(floor) = self.ledger.raise_floor() {
            self.state.set_floor(floor);
            self.state.forget(&self.ledger.forget());
        }
    }
}

#[cfg(test)]
mod tests;
