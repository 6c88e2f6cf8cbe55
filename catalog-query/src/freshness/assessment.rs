//! What may be done with an entry now, and what has to be said of its age.

use std::time::Duration;

use catalog_core::freshness::{Moment, Verdict};

use super::{Freshness, Standing};

/// What an answer says of its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Within the bound: a poll sent this long ago proved it.
    Fresh {
        /// Since the proof.
        age: Duration,
    },
    /// Older than the bound, or never proven: the answer must say so.
    Stale {
        /// Since the proof; `None` when there has been none.
        age: Option<Duration>,
    },
}

impl Label {
    /// Of what was proven as of `proven_at`, at `now`.
    pub fn new(proven_at: Option<Moment>, now: Moment, bound: Duration) -> Self {
        match proven_at.map(|proven| now.since(proven)) {
            Some(age) if age <= bound => Self::Fresh { age },
            age => Self::Stale { age },
        }
    }

    /// Whether the answer must be labelled.
    pub const fn is_stale(self) -> bool {
        matches!(self, Self::Stale { .. })
    }

    /// Of the same when the clock has overtaken it.
    #[must_use]
    pub const fn overtaken(self) -> Self {
        match self {
            Self::Fresh { age } => Self::Stale { age: Some(age) },
            stale @ Self::Stale { .. } => stale,
        }
    }
}

/// What the rule says of an entry now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessment {
    /// As of every poll so far.
    pub verdict: Verdict,
    /// What an answer from it says of its age.
    pub label: Label,
}

impl Freshness {
    /// Proves an entry if it can be proven, and says what may be done with it at `now`.
    pub fn assess(&self, standing: &Standing, now: Moment) -> Assessment {
        let verdict = self.state().prove(standing);
        Assessment { verdict, label: self.label(standing.proven_at(), now) }
    }

    /// As of when an answer from it would be certain, without proving it.
    pub fn would_be_proven_at(&self, standing: &Standing) -> Option<Moment> {
        let (_, proof) = self.state().look(standing);
        proof.map(|poll| poll.sent).max(standing.proven_at())
    }

    /// What an answer says that is proven as of `proven_at`.
    pub fn label(&self, proven_at: Option<Moment>, now: Moment) -> Label {
        Label::new(proven_at, now, self.bound())
    }
}
