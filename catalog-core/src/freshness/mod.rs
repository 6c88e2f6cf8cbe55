//! The freshness rule: when a cached entry is current, and what proves it.
//!
//! A pod asks the primary a few times a second which versions have changed. An entry is current as
//! of every poll so far exactly when its epoch is the epoch, its horizon is at or above the floor
//! `F` of what the pod remembers, and none of its parts has a greater version among the recent
//! changes. Everything here is pure, so that the services and a model checker run the same code.

mod beat;
mod ledger;
mod numbers;
mod poll;
mod rule;
mod snapshot;
mod token;
mod tracker;

pub use beat::BeatLog;
pub use ledger::{RecentLedger, Row};
pub use numbers::{Beat, Epoch, Moment, Version, Xid};
pub use poll::{Answer, Ask, Fill, Published};
pub use rule::{Part, Parts, Pod, Proof, Verdict, judge};
pub use snapshot::{MalformedSnapshot, Snapshot, Unseen};
#[cfg(test)]
pub(crate) use token::MOST_NAMED;
pub use token::{AcknowledgedWrite, Admission, NAMED, Proven, Token};
pub use tracker::{Filled, Outcome, Step, Tracker, UNKNOWN};
