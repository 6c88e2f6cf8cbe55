//! What was seen where, and whether that can be.

use std::net::SocketAddr;

use catalog_core::{
    contract::{
        change::ChangeRecord,
        memory::{DocumentHash, Remembered},
        redis_entry::Body,
    },
    freshness::{Epoch, Version},
};
use serde::Serialize;

/// Which cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
}

/// What is wrong with something that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// It is of a version before the change.
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
        })
    }

    /// In a pod's memory; `None` when an answer from it would say that it is stale.
    pub(super) fn in_memory(pod: SocketAddr, remembered: Remembered) -> Option<Self> {
        let Remembered { key: _, view, epoch, version, hash, is_stale } = remembered;
        let seen = Self { layer: Layer::Moka, pod: Some(pod), view, epoch, version, hash };
        (!is_stale).then_some(seen)
    }

    pub(super) const fn position(&self) -> (Epoch, Version) {
        (self.epoch, self.version)
    }
}

/// What is wrong with each of these sightings of what changed.
pub(super) fn faults<'a>(
    change: &ChangeRecord,
    sightings: &'a [Sighting],
) -> Vec<(&'a Sighting, Fault)> {
    let differs = |seen: &Sighting| {
        sightings.iter().any(|other| other.position() == seen.position() && other.hash != seen.hash)
    };
    sightings
        .iter()
        .filter_map(|seen| {
            if seen.position() < (change.epoch, change.version) {
                Some((seen, Fault::Older))
            } else {
                differs(seen).then_some((seen, Fault::Differs))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use catalog_core::{freshness::Xid, key::Kind};
    use uuid::Uuid;

    use super::*;

    fn seen(epoch: u64, version: u64, hash: u64) -> Sighting {
        Sighting {
            layer: Layer::Moka,
            pod: None,
            view: None,
            epoch: Epoch(epoch),
            version: Version(version),
            hash: Some(DocumentHash(hash)),
        }
    }

    fn found(sightings: &[Sighting]) -> Vec<Fault> {
        let change = ChangeRecord {
            epoch: Epoch(5),
            kind: Kind::Product,
            id: Uuid::from_u128(1),
            version: Version(3),
            deleted: false,
            xid: Xid(1),
        };
        faults(&change, sightings).into_iter().map(|(_, fault)| fault).collect()
    }

    #[test]
    fn what_is_of_an_earlier_version_or_epoch_is_older() {
        assert_eq!(found(&[seen(5, 2, 1), seen(4, 9, 1)]), [Fault::Older, Fault::Older]);
        assert_eq!(found(&[seen(5, 3, 1), seen(5, 4, 2), seen(6, 1, 3)]), []);
    }

    #[test]
    fn of_two_that_differ_in_one_version_either_may_be_wrong() {
        let sightings = [seen(5, 3, 1), seen(5, 3, 1), seen(5, 3, 2), seen(5, 4, 9)];
        assert_eq!(found(&sightings), [Fault::Differs; 3]);
    }
}
