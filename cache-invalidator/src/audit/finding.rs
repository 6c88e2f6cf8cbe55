//! What was found to be wrong.

use std::{net::SocketAddr, time::Duration};

use catalog_core::{
    contract::memory::DocumentHash,
    freshness::{Epoch, Version},
    key::EntityKey,
};
use serde::{Serialize, Serializer};

use super::{
    Delay, Probe,
    sighting::{Fault, Layer, Sighting},
};
use crate::store::PrimaryEntry;

/// Something in a cache that should not be there any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// Of what, such as `product:<uuid>`.
    #[serde(serialize_with = "as_text")]
    pub(super) key: EntityKey,
    /// In which cache.
    pub(super) layer: Layer,
    /// In which pod's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pod: Option<SocketAddr>,
    /// In which view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) view: Option<String>,
    /// What is wrong.
    pub(super) fault: Fault,
    /// How many seconds after the change's effect it was looked at, at least.
    pub(super) after_seconds: Delay,
    /// The change's epoch
    pub(super) changed_epoch: Epoch,
    /// and version.
    pub(super) changed_version: Version,
    /// The epoch that was found
    pub(super) found_epoch: Epoch,
    /// and the version,
    pub(super) found_version: Version,
    /// and the hash of the document.
    pub(super) found_hash: Option<DocumentHash>,
    /// What the primary says of it.
    pub(super) judgement: Judgement,
    /// How old it was.
    #[serde(skip)]
    pub(super) age: Duration,
}

/// What the primary says of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Judgement {
    /// It was not asked, or cannot tell.
    Open,
    /// The primary has something else, or has gone on.
    Confirmed,
    /// The primary has just this: the change was lost, or it is the other sighting that is wrong.
    Dismissed,
}

impl Finding {
    pub(super) fn new(probe: &Probe, after: Delay, seen: &Sighting, fault: Fault) -> Self {
        Self {
            key: probe.change.entity(),
            layer: seen.layer,
            pod: seen.pod,
            view: seen.view.clone(),
            fault,
            after_seconds: after,
            changed_epoch: probe.change.epoch,
            changed_version: probe.change.version,
            found_epoch: seen.epoch,
            found_version: seen.version,
            found_hash: seen.hash,
            judgement: Judgement::Open,
            age: probe.made.elapsed(),
        }
    }

    /// Compares it with what the primary has.
    pub(super) fn judge(&mut self, primary: &PrimaryEntry) {
        let is_same_form = primary.hash.is_none_or(|hash| hash == self.found_hash);
        let found = (self.found_epoch, self.found_version);
        self.judgement = if found == (primary.epoch, primary.version)
            || (self.found_epoch < primary.epoch && self.found_version == primary.version)
        {
            // In an earlier epoch, too: what an epoch does not change, it keeps.
            if is_same_form { Judgement::Dismissed } else { Judgement::Confirmed }
        } else if found < (primary.epoch, primary.version) {
            Judgement::Confirmed
        } else {
            Judgement::Open
        };
    }
}

fn as_text<S: Serializer>(key: &EntityKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a finding in epoch 5, version 7, and a primary that has this.
    fn judged(epoch: u64, version: u64, hash: u64) -> Judgement {
        let mut finding = Finding {
            key: EntityKey::RULES,
            layer: Layer::Moka,
            pod: None,
            view: None,
            fault: Fault::Older,
            after_seconds: Delay::OneMinute,
            changed_epoch: Epoch(5),
            changed_version: Version(8),
            found_epoch: Epoch(5),
            found_version: Version(7),
            found_hash: Some(DocumentHash(1)),
            judgement: Judgement::Open,
            age: Duration::ZERO,
        };
        let hash = Some(Some(DocumentHash(hash)));
        finding.judge(&PrimaryEntry { epoch: Epoch(epoch), version: Version(version), hash });
        finding.judgement
    }

    #[test]
    fn what_the_primary_has_just_so_is_dismissed() {
        assert_eq!(judged(5, 7, 1), Judgement::Dismissed);
        assert_eq!(judged(6, 7, 1), Judgement::Dismissed);
    }

    #[test]
    fn what_it_has_otherwise_or_has_left_behind_is_confirmed() {
        assert_eq!(judged(5, 8, 2), Judgement::Confirmed);
        // The version was given out again.
        assert_eq!(judged(6, 7, 2), Judgement::Confirmed);
        assert_eq!(judged(6, 3, 2), Judgement::Confirmed);
    }

    #[test]
    fn what_is_ahead_of_it_stays_open() {
        assert_eq!(judged(5, 6, 2), Judgement::Open);
        assert_eq!(judged(4, 9, 2), Judgement::Open);
    }
}
