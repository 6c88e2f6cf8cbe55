//! Which versions have been acknowledged, and when.

use std::{collections::HashMap, time::Duration};

use catalog_core::freshness::Version;
use parking_lot::RwLock;
use tokio::time::Instant;
use uuid::Uuid;

use super::Way;

/// An acknowledged edit as it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// Of which product.
    pub product: Uuid,
    /// To which version.
    pub version: Version,
    /// The brand that it gave, which no other edit gives.
    pub mark: String,
    /// How it was made.
    pub way: Way,
    /// When its acknowledgement arrived.
    pub at: Instant,
}

/// All acknowledged edits, by product, in the order of their versions.
#[derive(Debug, Default)]
pub struct Ledger(RwLock<HashMap<Uuid, Vec<Acknowledged>>>);

impl Ledger {
    /// Notes an edit.
    pub fn acknowledge(&self, edit: Acknowledged) {
        let mut products = self.0.write();
        let edits = products.entry(edit.product).or_default();
        let place = edits.partition_point(|other| other.version <= edit.version);
        edits.insert(place, edit);
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

    /// How many edits were acknowledged with a version that another one of the same product had
    /// been given: one of the two cannot have been kept.
    pub fn given_twice(&self) -> u64 {
        let products = self.0.read();
        let twice = products.values().flat_map(|edits| edits.windows(2)).filter(
            |pair| matches!(pair, [one, other] if one.version == other.version && one.mark != other.mark),
        );
        twice.count() as u64
    }

    /// The acknowledged edit of each edited product with the greatest version.
    pub fn last(&self) -> Vec<Acknowledged> {
        self.0.read().values().filter_map(|edits| edits.last().cloned()).collect()
    }

    /// All edits that were acknowledged to this way of editing.
    pub fn all(&self, way: Way) -> Vec<Acknowledged> {
        let products = self.0.read();
        products.values().flatten().filter(|edit| edit.way == way).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(version: u64, mark: &str, at: Instant) -> Acknowledged {
        Acknowledged {
            product: Uuid::from_u128(1),
            version: Version(version),
            mark: mark.to_owned(),
            way: Way::Admin,
            at,
        }
    }

    #[test]
    fn an_answer_is_older_once_the_bound_has_passed_since_a_newer_version() {
        let (ledger, product, start) = (Ledger::default(), Uuid::from_u128(1), Instant::now());
        let bound = Duration::from_secs(2);
        ledger.acknowledge(edit(5, "five", start));
        let asked = |seconds| start + Duration::from_secs_f64(seconds);
        assert!(!ledger.superseded(product, Version(4), asked(2.0), bound));
        assert!(ledger.superseded(product, Version(4), asked(2.1), bound));
        assert!(!ledger.superseded(product, Version(5), asked(9.0), bound));
        assert!(!ledger.superseded(Uuid::from_u128(2), Version(1), asked(9.0), bound));
    }

    #[test]
    fn the_greatest_version_is_the_last_whatever_the_order_of_acknowledgements() {
        let (ledger, product, now) = (Ledger::default(), Uuid::from_u128(1), Instant::now());
        ledger.acknowledge(edit(6, "six", now));
        ledger.acknowledge(edit(5, "five", now));
        assert_eq!(ledger.last(), vec![edit(6, "six", now)]);
        assert_eq!(ledger.mark(product, Version(5)), Some("five".into()));
        assert_eq!(ledger.all(Way::Admin).len(), 2);
        assert_eq!(ledger.all(Way::Psql), vec![]);
    }

    #[test]
    fn a_version_that_two_edits_were_given_is_a_lost_edit() {
        let (ledger, now) = (Ledger::default(), Instant::now());
        for (version, mark) in [(5, "one"), (6, "two"), (7, "three")] {
            ledger.acknowledge(edit(version, mark, now));
        }
        assert_eq!(ledger.given_twice(), 0);
        ledger.acknowledge(edit(6, "four", now));
        assert_eq!(ledger.given_twice(), 1);
    }
}
