//! What was seen where, and whether that can be.

use std::{collections::HashMap, net::SocketAddr, time::Duration};

use catalog_core::{
    contract::{
        memory::{DocumentHash, Remembered},
        redis_entry::Body,
    },
    freshness::{Epoch, Version},
};
use serde::Serialize;
use tokio::time::Instant;

use super::Probe;

/// Which cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Layer {
    /// The shared one.
    Redis,
    /// A pod's memory.
    Moka,
}

impl Layer {
    pub(super) const ALL: [Self; 2] = [Self::Redis, Self::Moka];

    /// As metrics name it.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Moka => "moka",
        }
    }
}

/// Something of which an answer could be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sighting {
    pub(super) layer: Layer,
    /// Which pod.
    pub(super) pod: Option<SocketAddr>,
    /// In which view.
    pub(super) view: Option<String>,
    pub(super) epoch: Epoch,
    pub(super) version: Version,
    pub(super) hash: Option<DocumentHash>,
    /// In a pod: when it was proven last, at the earliest.
    proven: Option<Instant>,
}

/// What is to be said of something that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// It is of a version before the change, and in a pod has been proven since.
    Older,
    /// It and something else that was seen are of one version, and not the same. One of them is wrong.
    Differs,
}

impl Sighting {
    /// In Redis; `None` for what readers take for a miss.
    pub(super) fn in_redis(bytes: &[u8]) -> Option<Self> {
        let body = Body::decode(bytes).ok()?;
        Some(Self {
            layer: Layer::Redis,
            pod: None,
            view: None,
            epoch: body.epoch,
            version: body.version,
            hash: body.document.map(DocumentHash::of),
            proven: None,
        })
    }

    /// In the memory of a pod that was asked at `asked`; `None` when an answer from it would say that it is
    /// stale.
    pub(super) fn in_memory(
        pod: SocketAddr,
        asked: Instant,
        remembered: Remembered,
    ) -> Option<Self> {
        let Remembered { key: _, view, epoch, version, hash, proven_ms_ago, is_stale } = remembered;
        let proven = asked.checked_sub(Duration::from_millis(proven_ms_ago?));
        let seen = Self { layer: Layer::Moka, pod: Some(pod), view, epoch, version, hash, proven };
        (!is_stale).then_some(seen)
    }

    /// Whether it lacks the change. What is of a later epoch may lack one that was lost.
    fn is_older_than(&self, probe: &Probe) -> bool {
        self.epoch <= probe.change.epoch && self.version < probe.change.version
    }

    /// Whether it lacks the change, and may, since it was proven before that had its effect and the bound has
    /// not passed.
    pub(super) fn is_within_bound(&self, probe: &Probe) -> bool {
        self.is_older_than(probe) && self.proven.is_some_and(|proven| proven <= probe.made)
    }
}

/// What is wrong with these sightings of what changed.
pub(super) fn faults<'a>(probe: &Probe, sightings: &'a [Sighting]) -> Vec<(&'a Sighting, Fault)> {
    // An epoch that begins publishes everything once more, so what has the version is as good as before.
    let mut forms = HashMap::<Version, (Option<DocumentHash>, bool)>::new();
    for seen in sightings {
        let (first, differ) = forms.entry(seen.version).or_insert((seen.hash, false));
        *differ |= *first != seen.hash;
    }
    let fault = |seen: &Sighting| {
        if seen.is_within_bound(probe) {
            None
        } else if seen.is_older_than(probe) {
            Some(Fault::Older)
        } else {
            forms[&seen.version].1.then_some(Fault::Differs)
        }
    };
    sightings.iter().filter_map(|seen| Some((seen, fault(seen)?))).collect()
}

#[cfg(test)]
mod tests {
    use catalog_core::{contract::change::ChangeRecord, freshness::Xid, key::Kind};
    use uuid::Uuid;

    use super::*;

    const AGO: Duration = Duration::from_millis(100);

    fn probe() -> Probe {
        let change = ChangeRecord {
            epoch: Epoch(5),
            kind: Kind::Product,
            id: Uuid::from_u128(1),
            version: Version(3),
            deleted: false,
            xid: Xid(1),
        };
        Probe { change, made: Instant::now() - 10 * AGO }
    }

    /// Proven after the change.
    fn seen(epoch: u64, version: u64, hash: u64) -> Sighting {
        Sighting {
            layer: Layer::Moka,
            pod: None,
            view: None,
            epoch: Epoch(epoch),
            version: Version(version),
            hash: Some(DocumentHash(hash)),
            proven: Some(Instant::now() - AGO),
        }
    }

    fn found(sightings: &[Sighting]) -> Vec<Fault> {
        faults(&probe(), sightings).into_iter().map(|(_, fault)| fault).collect()
    }

    #[test]
    fn what_is_of_an_earlier_version_is_older() {
        assert_eq!(found(&[seen(5, 2, 1), seen(4, 1, 2)]), [Fault::Older, Fault::Older]);
        let in_redis = Sighting { layer: Layer::Redis, proven: None, ..seen(5, 2, 1) };
        assert_eq!(found(&[in_redis]), [Fault::Older]);
        assert_eq!(found(&[seen(5, 3, 1), seen(5, 4, 2)]), []);
    }

    #[test]
    fn what_was_proven_before_the_change_may_still_be_answered() {
        let before = Sighting { proven: Some(probe().made - AGO), ..seen(5, 2, 1) };
        assert!(before.is_within_bound(&probe()));
        assert_eq!(found(&[before]), []);
    }

    #[test]
    fn an_epoch_that_begins_makes_nothing_old_and_may_have_lost_the_change() {
        assert_eq!(found(&[seen(4, 3, 1), seen(5, 3, 1), seen(6, 2, 2)]), []);
    }

    #[test]
    fn of_two_that_differ_in_one_version_either_may_be_wrong() {
        let sightings = [seen(5, 3, 1), seen(4, 3, 1), seen(5, 3, 2), seen(5, 4, 9)];
        assert_eq!(found(&sightings), [Fault::Differs; 3]);
    }
}
