//! One load at a time of each thing, shared by all who wait for it. A load belongs to nobody: callers
//! that go away do not end it.

use std::{fmt, sync::Arc};

use catalog_core::key::EntityKey;
use dashmap::{DashMap, Entry};
use service_kit::telemetry::FollowedSpan;
use tokio::sync::watch;

/// The loads that are under way.
pub(super) struct Flights<T>(DashMap<EntityKey, watch::Receiver<Option<T>>>);

impl<T> fmt::Debug for Flights<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").field("under_way", &self.0.len()).finish()
    }
}

/// The load of one thing, as somebody who waits for it has it.
pub(super) struct Flight<T> {
    outcome: watch::Receiver<Option<T>>,
    /// Whether it had begun before: it may then be older than what this caller knows.
    pub(super) joined: bool,
}

/// The load of one thing, as whoever carries it out has it. Dropped without landing, those who wait
/// are told that nothing came of it.
pub(super) struct Landing<T> {
    pub(super) key: EntityKey,
    /// Ends with it.
    pub(super) trace: Option<FollowedSpan>,
    outcome: watch::Sender<Option<T>>,
    flights: Arc<Flights<T>>,
}

impl<T: Clone> Flights<T> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(DashMap::new()))
    }

    /// Joins the load of `key`; if there is none, the caller has to carry it out.
    pub(super) fn board(self: &Arc<Self>, key: EntityKey) -> (Flight<T>, Option<Landing<T>>) {
        match self.0.entry(key) {
            Entry::Occupied(under_way) => {
                (Flight { outcome: under_way.get().clone(), joined: true }, None)
            }
            Entry::Vacant(none) => {
                let (sender, outcome) = watch::channel(None);
                none.insert(outcome.clone());
                let flights = Arc::clone(self);
                let landing = Landing { key, trace: None, outcome: sender, flights };
                (Flight { outcome, joined: false }, Some(landing))
            }
        }
    }
}

impl<T: Clone> Flight<T> {
    /// What came of it; `None` when it was given up.
    pub(super) async fn landed(mut self) -> Option<T> {
        let outcome = self.outcome.wait_for(Option::is_some).await.ok()?;
        outcome.clone()
    }
}

impl<T> Landing<T> {
    /// Tells all who wait. Whoever comes after this begins a load of its own.
    pub(super) fn land(self, outcome: T) {
        self.leave();
        self.outcome.send_replace(Some(outcome));
    }

    fn leave(&self) {
        self.flights
            .0
            .remove_if(&self.key, |_, other| self.outcome.subscribe().same_channel(other));
    }
}

impl<T> Drop for Landing<T> {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const SOCK: EntityKey = EntityKey::product(Uuid::from_u128(1));

    #[tokio::test]
    async fn all_who_wait_share_one_load() {
        let flights = Flights::<u8>::new();
        let (first, landing) = flights.board(SOCK);
        let (second, none) = flights.board(SOCK);
        assert!(none.is_none() && second.joined && !first.joined);
        landing.unwrap().land(7);
        assert_eq!((first.landed().await, second.landed().await), (Some(7), Some(7)));
        assert!(flights.board(SOCK).1.is_some());
    }

    #[tokio::test]
    async fn three_hundred_abandoned_callers_do_not_break_a_key() {
        let flights = Flights::<u8>::new();
        let (_, landing) = flights.board(SOCK);
        for _ in 0..300 {
            drop(flights.board(SOCK));
        }
        let (patient, _) = flights.board(SOCK);
        landing.unwrap().land(7);
        assert_eq!(patient.landed().await, Some(7));
    }

    #[tokio::test]
    async fn a_load_that_is_given_up_is_told_and_can_begin_again() {
        let flights = Flights::<u8>::new();
        let (flight, landing) = flights.board(SOCK);
        drop(landing);
        assert_eq!(flight.landed().await, None);
        assert!(flights.board(SOCK).1.is_some());
    }
}
