//! The checker: each product is a register whose values are versions.

mod marks;
mod times;

use std::{collections::HashMap, time::Duration};

use catalog_core::freshness::Version;
use tokio::time::Instant;
use uuid::Uuid;

use self::{marks::Marks, times::Times};

/// What a read asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The bound.
    Bounded,
    /// At least what its client wrote and saw, by the token that it sent.
    Session,
    /// What is current.
    Strong,
}

/// What was done, and what came of it. A read that got no answer is no part of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A write was acknowledged.
    Wrote {
        /// Whether the client was told that what it wrote and saw before may be lost.
        lost: bool,
    },
    /// A write was sent, and nobody knows what came of it.
    Tried,
    /// A write was refused because another was faster, so that it has not happened.
    Refused,
    /// A read was answered.
    Read {
        /// What it asked for.
        asked: Asked,
        /// Whether the answer says that it may be older.
        stale: bool,
        /// Whether the client was told that what it wrote and saw before may be lost.
        lost: bool,
    },
}

impl What {
    /// Whether the client was told that what it wrote and saw before may be lost.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Wrote { lost: true } | Self::Read { lost: true, .. })
    }
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Whose. A client does one thing after the other.
    pub client: usize,
    /// Of which product.
    pub product: Uuid,
    /// When it was sent.
    pub begun: Instant,
    /// When its answer had arrived, or was no longer waited for.
    pub ended: Instant,
    /// What it was.
    pub what: What,
    /// Which version was written or seen; 0 of a write that was not acknowledged.
    pub version: Version,
    /// What was written or seen: no two writes leave the same mark.
    pub mark: Option<String>,
}

/// What products were before the first operation: version and mark.
pub type First = HashMap<Uuid, (Version, Option<String>)>;

/// What is known beside a history.
#[derive(Debug, Clone)]
pub struct Known {
    /// How old an answer may be without saying so.
    pub bound: Duration,
    /// What products were before.
    pub first: First,
    /// Before this moment no epoch began; none when none did at all.
    pub epochs_since: Option<Instant>,
}

/// Which promise was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Broken {
    /// Unlabelled, and without a write that had been acknowledged by the bound before.
    Old,
    /// Without something that had been acknowledged, or shown to such a read, before, though it was to
    /// be current.
    NotCurrent,
    /// Less than its client had written or seen.
    WentBack,
    /// Not what was written as this version, or what nobody has written.
    Wrong,
    /// Told that something may be lost though no epoch can have begun, or without a token.
    NotLost,
}

/// An operation that was not as promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// In which way.
    pub broken: Broken,
    /// Which.
    pub operation: Operation,
    /// What it should have been at least.
    pub version: Version,
}

/// All that is not as promised, in a history in the order of each client's own operations. A read that
/// says that it is stale promises nothing but that it is what was once written.
///
/// No write may be lost that anybody was shown: then a version would stand for two documents.
pub fn check(history: &[Operation], known: &Known) -> Vec<Violation> {
    let (marks, times) = (Marks::of(history, &known.first), Times::of(history));
    let mut sessions = Sessions::default();
    let mut violations = Vec::new();
    for operation in history {
        let mut found = |broken, version| {
            violations.push(Violation { broken, operation: operation.clone(), version });
        };
        let is_session = match operation.what {
            What::Tried | What::Refused => continue,
            What::Wrote { .. } => true,
            What::Read { asked, .. } => asked == Asked::Session,
        };
        if operation.what.is_lost() {
            if !is_session || known.epochs_since.is_none_or(|since| operation.ended < since) {
                found(Broken::NotLost, operation.version);
            } else {
                sessions.forget(operation.client);
            }
        }
        if marks.is_wrong(operation) {
            found(Broken::Wrong, operation.version);
        }
        if let What::Read { asked, stale: false, .. } = operation.what {
            for (broken, least) in least(operation, asked, known.bound, &times, &sessions) {
                if operation.version < least {
                    found(broken, least);
                }
            }
        }
        // Of an answer that says that it is stale, too: the token that it gives tells of it.
        if is_session {
            sessions.raise(operation);
        }
    }
    violations
}

/// What an unlabelled answer to this read must have at least, and what is broken if it has not.
fn least(
    read: &Operation,
    asked: Asked,
    bound: Duration,
    times: &Times,
    sessions: &Sessions,
) -> Vec<(Broken, Version)> {
    let written = |moment| Times::before(&times.written, read.product, moment);
    let old = read.begun.checked_sub(bound).map_or(Version(0), written);
    let mut least = vec![(Broken::Old, old)];
    match asked {
        Asked::Bounded => {}
        Asked::Session => least.push((Broken::WentBack, sessions.known(read))),
        Asked::Strong => {
            // Of a write that was not acknowledged nobody knows when it happened, but what one such read
            // was shown no later one may lack.
            let shown = Times::before(&times.shown, read.product, read.begun);
            least.push((Broken::NotCurrent, written(read.begun).max(shown)));
        }
    }
    least
}

/// What each client has written and seen of each product, as its token tells it.
#[derive(Debug, Default)]
struct Sessions(HashMap<(usize, Uuid), Version>);

impl Sessions {
    fn raise(&mut self, operation: &Operation) {
        let known = self.0.entry((operation.client, operation.product)).or_default();
        *known = operation.version.max(*known);
    }

    fn known(&self, read: &Operation) -> Version {
        self.0.get(&(read.client, read.product)).copied().unwrap_or_default()
    }

    fn forget(&mut self, client: usize) {
        self.0.retain(|(other, _), _| *other != client);
    }
}

#[cfg(test)]
mod tests;
