//! What the answers to polls, a first fill and records make of what a pod knows.
//!
//! A [`Tracker`] belongs to whoever polls. Readers have a state of their own, which they read while
//! it is written, so what has to be done to it is given as [`Step`]s: their order is what keeps
//! readers right, and a model checker can stop between any two of them.

use std::cmp::Ordering;

use super::{
    Answer, Ask, Beat, Epoch, Fill, Moment, Published, RecentLedger, Row, Unseen, Version, Xid,
};

/// `F` until a poll has counted: nothing is at or above it, so nothing is provable.
pub const UNKNOWN: Xid = Xid(u64::MAX);

/// What came of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
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
    /// As metrics name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::NewEpoch => "new_epoch",
            Self::NoIncarnation => "no_incarnation",
            Self::LowerEpoch => "lower_epoch",
            Self::ForeignRows => "foreign_rows",
        }
    }
}

/// One change of what readers see. `S` is their state of one epoch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step<S> {
    /// Another epoch: a state in which nothing is known takes the place of the old one.
    Begin(Epoch),
    /// What a replica knew takes the place of what was known.
    Adopt(S),
    /// These are recent changes.
    Enter(Vec<Row>),
    /// `F` is this.
    SetFloor(Xid),
    /// A poll has counted, which saw this beat, and whose rows have been entered.
    Publish(Published, Beat),
    /// These are below `F` and need not be known any longer.
    Forget(Vec<Row>),
}

/// What a replica knew, ready to stand as if an earlier poll of its epoch had returned its rows. It
/// takes a while to make of a million rows, so it is made before it is offered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Filled<S> {
    epoch: Epoch,
    horizon: Xid,
    ledger: RecentLedger,
    state: S,
}

impl<S> Filled<S> {
    /// Of this fill, remembering so many things; `state` is what readers are to see of it.
    pub fn new(fill: &Fill, limit: usize, state: S) -> Self {
        let mut ledger = RecentLedger::new(fill.floor, limit);
        for row in &fill.rows {
            ledger.enter(*row);
        }
        ledger.polled(fill.horizon);
        Self { epoch: fill.epoch, horizon: fill.horizon, ledger, state }
    }
}

/// Takes in what polls and records say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tracker<S> {
    epoch: Epoch,
    ledger: RecentLedger,
    ask: Ask,
    /// Taken from a replica at the start; the next question will be for what it has not seen.
    offered: Option<Filled<S>>,
    /// The same once that question has been asked; used if the answer is of its epoch.
    asked_for: Option<Filled<S>>,
    limit: usize,
}

impl<S> Tracker<S> {
    /// Knows nothing; will remember so many changed things.
    pub fn new(limit: usize) -> Self {
        Self {
            epoch: Epoch::NONE,
            ledger: RecentLedger::new(UNKNOWN, limit),
            ask: Ask::Beginning,
            offered: None,
            asked_for: None,
            limit,
        }
    }

    /// The epoch that the polls show.
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// How many changed things are remembered.
    pub fn remembered(&self) -> usize {
        self.ledger.len()
    }

    /// Offers what a replica knew. It counts as if the pod had begun with it and with the first poll
    /// that asks for all that it has not seen, whatever has been polled before.
    pub fn offer(&mut self, filled: Filled<S>) {
        let is_of_ours = self.epoch == Epoch::NONE || filled.epoch == self.epoch;
        if filled.epoch != Epoch::NONE && is_of_ours {
            self.offered = Some(filled);
        }
    }

    /// What the next poll asks for.
    pub fn ask(&mut self) -> &Ask {
        if let Some(filled) = self.offered.take() {
            self.ask = Ask::Unseen(Unseen { from: filled.horizon, also: Vec::new() });
            self.asked_for = Some(filled);
        }
        &self.ask
    }

    /// What the polls of this epoch have not seen.
    pub fn unseen(&self) -> &Unseen {
        match &self.ask {
            // What a fill had is not what a poll has seen: a replica may be ahead of the primary.
            Ask::Unseen(unseen) if self.asked_for.is_none() => unseen,
            Ask::Unseen(_) | Ask::Beginning => const { &Unseen::EVERYTHING },
        }
    }

    /// Takes in the answer to [`Self::ask`] of a poll sent at `sent`.
    pub fn apply(&mut self, sent: Moment, answer: Answer) -> (Outcome, Vec<Step<S>>) {
        if !answer.counts || answer.epoch == Epoch::NONE {
            return (Outcome::NoIncarnation, Vec::new());
        }
        let filled = self.asked_for.take_if(|filled| filled.epoch == answer.epoch);
        let mut steps = Vec::new();
        match (answer.epoch.cmp(&self.epoch), filled) {
            (Ordering::Less, _) => return (Outcome::LowerEpoch, steps),
            (_, Some(filled)) => steps.push(self.adopt(filled)),
            (Ordering::Greater, None) => {
                return (Outcome::NewEpoch, vec![self.begin(answer.epoch)]);
            }
            (Ordering::Equal, None) => {}
        }
        if answer.rows.iter().any(|row| row.xid >= answer.snapshot.end()) {
            return (Outcome::ForeignRows, steps);
        }
        self.count(sent, answer, &mut steps);
        (Outcome::Counted, steps)
    }

    /// Takes in what a record says. It may be lost, late, doubled, out of order or wrong, so it can
    /// only disprove; nothing when it was no news.
    pub fn hear(&mut self, epoch: Epoch, row: Row) -> Option<Step<S>> {
        let is_relevant = epoch == self.epoch && row.version > Version(0);
        let is_news = is_relevant && row.xid >= self.ledger.floor() && self.ledger.enter(row);
        is_news.then(|| Step::Enter(vec![row]))
    }

    /// A new epoch empties what the pod knows.
    fn begin(&mut self, epoch: Epoch) -> Step<S> {
        self.epoch = epoch;
        self.ledger = RecentLedger::new(UNKNOWN, self.limit);
        self.ask = Ask::Beginning;
        self.offered.take_if(|filled| filled.epoch != epoch);
        self.asked_for = None;
        Step::Begin(epoch)
    }

    /// What has been heard and not polled is forgotten with the rest: records prove nothing.
    fn adopt(&mut self, filled: Filled<S>) -> Step<S> {
        self.epoch = filled.epoch;
        self.ledger = filled.ledger;
        Step::Adopt(filled.state)
    }

    fn count(&mut self, sent: Moment, answer: Answer, steps: &mut Vec<Step<S>>) {
        let horizon = answer.snapshot.horizon();
        let begins = self.ask == Ask::Beginning;
        if begins {
            self.ledger = RecentLedger::new(horizon, self.limit);
        }
        for row in &answer.rows {
            self.ledger.enter(*row);
        }
        self.ledger.polled(horizon);
        self.ask = Ask::Unseen(answer.snapshot.unseen());
        // Whatever the ledger holds by a record: what a poll says is always entered.
        steps.push(Step::Enter(answer.rows));
        if begins {
            steps.push(Step::SetFloor(horizon));
        }
        steps.push(Step::Publish(Published { sent, horizon }, answer.beat));
        if let Some(floor) = self.ledger.raise_floor() {
            steps.push(Step::SetFloor(floor));
            steps.push(Step::Forget(self.ledger.forget()));
        }
    }
}
