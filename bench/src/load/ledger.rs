//! Which versions have been acknowledged, and when.

use std::{collections::HashMap, time::Duration};

use catalog_core::freshness::Version;
use parking_lot::RwLock;
use tokio::time::Instant;
use uuid::Uuid;

/// An acknowledged edit.
#[derive(Debug, Clone)]
struct Acknowledged {
    version: Version,
    mark: String,
    at: Instant,
}

/// All acknowledged edits, by product, in the order of their versions.
#[derive(Debug, Default)]
pub struct Ledger(RwLock<HashMap<Uuid, Vec<Acknowledged>>>);

impl Ledger {
    /// Notes that `version` of the product, which bears `mark`, was acknowledged at `at`.
    pub fn acknowledge(&self, product: Uuid, version: Version, mark: String, at: Instant) {
        let mut products = self.0.write();
        let edits = products.entry(product).or_default();
        let place = edits.partition_point(|edit| edit.version < version);
        edits.insert(place, Acknowledged { version, mark, at });
    }

    /// Whether a newer version than `version` had been acknowledged more than `bound` before
    /// `asked_at`.
    pub fn superseded(
        &self,
        product: Uuid,
        version: Version,
        asked_at: Instant,
        bound: Duration,
    ) -> bool {
        self.0.read().get(&product).is_some_and(|edits| {
            edits.iter().rev().any(|edit| edit.version > version && edit.at + bound < asked_at)
        })
    }

    /// The mark that this version of the product must bear, if an edit made it.
    pub fn mark(&self, product: Uuid, version: Version) -> Option<String> {
        let products = self.0.read();
        let edits = products.get(&product)?;
        let found = edits.iter().find(|edit| edit.version == version)?;
        Some(found.mark.clone())
    }

    /// The last acknowledged version of each edited product, with its mark.
    pub fn last(&self) -> Vec<(Uuid, Version, String)> {
        let products = self.0.read();
        let last = products.iter().filter_map(|(product, edits)| {
            let edit = edits.last()?;
            Some((*product, edit.version, edit.mark.clone()))
        });
        last.collect()
    }

    /// How many edits have been acknowledged.
    pub fn len(&self) -> usize {
        self.0.read().values().map(Vec::len).sum()
    }

    /// Whether none has been.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_older_once_the_bound_has_passed_since_a_newer_version() {
        let (ledger, product, start) = (Ledger::default(), Uuid::from_u128(1), Instant::now());
        let bound = Duration::from_secs(2);
        ledger.acknowledge(product, Version(5), "five".into(), start);
        let asked = |seconds| start + Duration::from_secs_f64(seconds);
        assert!(!ledger.superseded(product, Version(4), asked(2.0), bound));
        assert!(ledger.superseded(product, Version(4), asked(2.1), bound));
        assert!(!ledger.superseded(product, Version(5), asked(9.0), bound));
        assert!(!ledger.superseded(Uuid::from_u128(2), Version(1), asked(9.0), bound));
    }

    #[test]
    fn the_last_version_counts_whatever_the_order_of_acknowledgements() {
        let (ledger, product, now) = (Ledger::default(), Uuid::from_u128(1), Instant::now());
        ledger.acknowledge(product, Version(6), "six".into(), now);
        ledger.acknowledge(product, Version(5), "five".into(), now);
        assert_eq!(ledger.last(), vec![(product, Version(6), "six".into())]);
        assert_eq!(ledger.mark(product, Version(5)), Some("five".into()));
    }
}
