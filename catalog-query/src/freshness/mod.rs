//! What this pod knows of recent changes, and what that proves.
//!
//! A thread of its own [polls](poller) the primary and [follows](follower) the topic; both tell the
//! [`tracker`], which alone writes the [state](EpochState) of the epoch. Readers take that state
//! through [`Freshness`] and prove entries with it, without a lock and without waiting for anyone.

mod assessment;
mod follower;
#[cfg(test)]
mod interleaving_tests;
mod poller;
mod standing;
mod state;
mod thread;
mod tracker;

use std::{sync::Arc, time::Duration};

use arc_swap::{ArcSwap, Guard};
use catalog_core::freshness::{Beat, Epoch, Moment, Pod as _};
use tokio::sync::{Notify, watch};

pub use assessment::{Assessment, Label};
pub use standing::Standing;
pub use state::EpochState;
pub use thread::{Feed, start};
pub use tracker::Tracker;

/// What every reader of this pod proves its entries with.
#[derive(Debug)]
pub struct Freshness {
    state: ArcSwap<EpochState>,
    bound: Duration,
    polls: watch::Sender<Option<Moment>>,
    /// Somebody waits for a poll.
    wanted: Notify,
}

impl Freshness {
    /// Knows nothing, and so proves nothing, until the first poll.
    pub fn new(bound: Duration) -> Self {
        Self {
            state: ArcSwap::from_pointee(EpochState::new(Epoch::NONE)),
            bound,
            polls: watch::Sender::new(None),
            wanted: Notify::new(),
        }
    }

    /// `B`: how old an unlabelled answer may be.
    pub const fn bound(&self) -> Duration {
        self.bound
    }

    /// The state of the epoch. All that belongs to one proof is read from one such state.
    pub fn state(&self) -> Guard<Arc<EpochState>> {
        self.state.load()
    }

    /// The sent time of the newest poll that counted, and a wake-up at each further one.
    pub fn polls(&self) -> watch::Receiver<Option<Moment>> {
        self.polls.subscribe()
    }

    /// Waits until a poll has counted that was sent at or after `since`. One that is in flight is
    /// waited for, and the next begins as soon as it may, for all who wait.
    pub async fn polled_since(&self, since: Moment) {
        let mut polls = self.polls();
        self.wanted.notify_one();
        // The sender lives as long as this does.
        let _ = polls.wait_for(|sent| sent.is_some_and(|sent| sent >= since)).await;
    }

    /// Waits until somebody waits for a poll.
    async fn poll_wanted(&self) {
        self.wanted.notified().await;
    }

    /// Whether a poll sent within the bound has counted. If not, no load can prove anything either.
    pub fn is_polling(&self, now: Moment) -> bool {
        self.state().published().is_some_and(|poll| now.since(poll.sent) <= self.bound)
    }

    /// When the last poll was sent that whatever was read in this epoch at this beat is certain to
    /// include: how lists, searches and old slugs are dated.
    pub fn date(&self, epoch: Epoch, beat: Beat) -> Option<Moment> {
        let state = self.state();
        if epoch == state.epoch() { state.date(beat) } else { None }
    }

    /// Has readers see this state from now on.
    fn show(&self, state: &Arc<EpochState>) {
        if !Arc::ptr_eq(&self.state(), state) {
            self.state.store(Arc::clone(state));
        }
    }

    fn counted(&self, sent: Moment) {
        self.polls.send_replace(Some(sent));
    }
}
