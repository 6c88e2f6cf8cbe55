//! What one look has seen.

use std::collections::HashMap;

use catalog_core::key::EntityKey;

use super::{
    Delay, Probe,
    finding::Finding,
    sighting::{Layer, Sighting, faults},
    tally::Outcome,
};

/// So much is told of one thing.
const MOST_FINDINGS: usize = 100;

/// What one look has seen.
#[derive(Debug)]
pub(super) struct Seen {
    sightings: HashMap<EntityKey, Vec<Sighting>>,
    /// Whether some pods did not tell what they have.
    is_partial: bool,
}

impl Seen {
    /// Of what a look saw; `is_partial`: some pods did not tell what they have.
    pub(super) fn new(is_partial: bool) -> Self {
        Self { sightings: HashMap::new(), is_partial }
    }

    pub(super) fn add(&mut self, key: EntityKey, sighting: Option<Sighting>) {
        self.sightings.entry(key).or_default().extend(sighting);
    }

    fn of(&self, key: EntityKey) -> &[Sighting] {
        self.sightings.get(&key).map_or(&[], Vec::as_slice)
    }

    pub(super) fn findings(&self, after: Delay, due: &HashMap<EntityKey, Probe>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (key, probe) in due {
            let faults = faults(probe, self.of(*key)).into_iter();
            let of_it = faults.map(|(seen, fault)| Finding::new(probe, after, seen, fault));
            findings.extend(of_it.take(MOST_FINDINGS));
        }
        findings
    }

    /// Of something of which nothing is wrong; `None` when the layer has nothing of it.
    pub(super) fn outcome(&self, key: EntityKey, probe: &Probe, layer: Layer) -> Option<Outcome> {
        // The pods that do not tell are the likeliest to be wrong.
        if layer == Layer::Moka && self.is_partial {
            return Some(Outcome::Unknown);
        }
        let of_layer = || self.of(key).iter().filter(|seen| seen.layer == layer);
        of_layer().next()?;
        let is_within_bound = of_layer().any(|seen| seen.is_within_bound(probe));
        Some(if is_within_bound { Outcome::WithinBound } else { Outcome::Consistent })
    }
}
