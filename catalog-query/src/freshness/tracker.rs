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

/// Takes in what polls and records say, on the thread that has both.
#[derive(Debug)]
pub(super) struct Tracker {
    freshness: Arc<Freshness>,
    state: Arc<EpochState>,
    ledger: RecentLedger,
    ask: Ask,
    /// Taken from a replica at the start; used if the primary's first answer is of its epoch.
    fill: Option<Fill>,
    limit: usize,
}

impl Tracker {
    pub(super) fn new(freshness: Arc<Freshness>, fill: Option<Fill>, limit: usize) -> Self {
        let fill = fill.filter(|fill| fill.epoch != Epoch::NONE);
        let ask = fill.as_ref().map_or(Ask::Beginning, |fill| {
            Ask::Unseen(Unseen { from: fill.horizon, also: Vec::new() })
        });
        let state = Arc::clone(&freshness.state());
        Self { freshness, state, ledger: RecentLedger::new(Xid(0), limit), ask, fill, limit }
    }

    /// What the next poll asks for.
    pub(super) const fn ask(&self) -> &Ask {
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
        match answer.epoch.cmp(&self.state.epoch()) {
            Ordering::Less => return Outcome::LowerEpoch,
            Ordering::Greater => match self.fill.take() {
                Some(fill) if fill.epoch == answer.epoch => self.adopt(fill),
                _ => {
                    self.begin(answer.epoch);
                    return Outcome::NewEpoch;
                }
            },
            Ordering::Equal => {}
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
        self.freshness.begin(Arc::clone(&self.state));
    }

    /// The fill stands as if an earlier poll of this epoch had returned its rows.
    fn adopt(&mut self, fill: Fill) {
        let state = EpochState::new(fill.epoch);
        self.ledger = RecentLedger::new(fill.floor, self.limit);
        for row in fill.rows {
            self.ledger.enter(row);
            state.enter(row);
        }
        self.ledger.polled(fill.horizon);
        state.set_floor(fill.floor);
        self.state = Arc::new(state);
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
