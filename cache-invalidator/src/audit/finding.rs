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
    /// It was not asked, or cannot tell: it has a later version by now.
    Open,
    /// The primary has something else.
    Confirmed,
    /// The primary has just this: the change was lost, or it is another sighting that is wrong.
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
        let found = (self.found_epoch, self.found_version);
        self.judgement = match self.fault {
            // An epoch that has begun since publishes every row once more, in that epoch.
            Fault::Older if primary.version > self.found_version => Judgement::Confirmed,
            Fault::Older if primary.version == self.found_version => Judgement::Dismissed,
            Fault::Differs if (primary.epoch, primary.version) == found => {
                let is_same = primary.hash.is_none_or(|hash| hash == self.found_hash);
                if is_same { Judgement::Dismissed } else { Judgement::Confirmed }
            }
            Fault::Older | Fault::Differs => Judgement::Open,
        };
    }
}

fn as_text<S: Serializer>(key: &EntityKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(key)
}
