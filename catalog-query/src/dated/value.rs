//! Something that was read, and as of when it is certain.

use std::sync::atomic::{AtomicU64, Ordering};

use catalog_core::freshness::{Moment, Pod as _};

use crate::{
    freshness::Freshness,
    read::Listed,
    store::{Place, Shown},
};

/// What one statement gave.
#[derive(Debug)]
pub struct Dated<T> {
    value: T,
    place: Place,
    shown: Shown,
    /// Before the statement was sent.
    sent: Moment,
    /// 0 until it could be dated.
    proven_at: AtomicU64,
}

impl<T> Dated<T> {
    /// Given by a statement that was sent at or after `sent`.
    pub const fn new(value: T, place: Place, shown: Shown, sent: Moment) -> Self {
        Self { value, place, shown, sent, proven_at: AtomicU64::new(0) }
    }

    /// What it gave.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// Before its statement was sent.
    pub const fn sent(&self) -> Moment {
        self.sent
    }

    /// What its statement showed of the history that it was read in.
    pub(crate) fn listed(&self) -> Listed {
        let by_primary = self.place == Place::Primary;
        Listed { epoch: self.shown.epoch, end: self.shown.end, by_primary }
    }

    /// Where it was read.
    pub const fn place(&self) -> Place {
        self.place
    }

    /// As of when it is certain to show all that was acknowledged.
    ///
    /// A replica's: as of the last poll of the same epoch whose own beat was smaller by at least two.
    /// The primary's: as of its own sending, like a poll, if it counts and its epoch is not one that
    /// has ended.
    pub fn proven_at(&self, freshness: &Freshness) -> Option<Moment> {
        let date = match self.place {
            Place::Replica => freshness.date(self.shown.epoch, self.shown.beat),
            Place::Primary => {
                let is_living = self.shown.epoch >= freshness.state().epoch();
                (self.shown.counts && is_living).then_some(self.sent)
            }
        };
        let date = date.map_or(0, |moment| moment.0);
        let known = self.proven_at.fetch_max(date, Ordering::Relaxed).max(date);
        (known > 0).then_some(Moment(known))
    }

    /// When it was last known to be the best there is.
    pub fn known_at(&self, freshness: &Freshness) -> Moment {
        self.proven_at(freshness).unwrap_or(self.sent)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use catalog_core::freshness::{Beat, Epoch, Xid};

    use super::*;

    fn dated(place: Place, epoch: u64, counts: bool) -> Dated<()> {
        let shown =
            Shown { epoch: Epoch(epoch), beat: Beat(9), horizon: Xid(1), end: Xid(1), counts };
        Dated::new((), place, shown, Moment(70))
    }

    #[test]
    fn the_primarys_is_dated_by_its_sending_when_it_counts() {
        let freshness = Freshness::new(Duration::from_secs(2));
        let moment = |dated: Dated<()>| dated.proven_at(&freshness);
        assert_eq!(moment(dated(Place::Primary, 5, true)), Some(Moment(70)));
        assert_eq!(moment(dated(Place::Primary, 5, false)), None);
    }

    #[test]
    fn a_replicas_is_not_dated_without_polls() {
        let freshness = Freshness::new(Duration::from_secs(2));
        let read = dated(Place::Replica, 0, true);
        assert_eq!(read.proven_at(&freshness), None);
        assert_eq!(read.known_at(&freshness), Moment(70));
    }
}
