//! The primary, as far as processes see it: edits, what a load shows, and answers to polls.

use std::collections::HashMap;

use catalog_core::{
    freshness::{Answer, Beat, Epoch, Part, Row, Snapshot, Version, Xid},
    key::EntityKey,
};
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use uuid::Uuid;

use super::{Plan, popularity::Popularity};

/// There is no crash here, so there is one.
pub(super) const EPOCH: Epoch = Epoch(1);
/// In which every product is that was never edited.
const FIRST: Version = Version(1);

/// The primary.
#[derive(Debug)]
pub(super) struct Primary {
    popularity: Popularity,
    popular_edits: f64,
    products: u64,
    random: SmallRng,
    /// The last edit of each product that has been edited.
    edited: HashMap<u64, Xid>,
    next: Xid,
    /// Changed since the last poll.
    unpolled: Vec<Row>,
}

impl Primary {
    pub(super) fn new(plan: &Plan) -> anyhow::Result<Self> {
        Ok(Self {
            popularity: Popularity::of(plan)?,
            popular_edits: plan.popular_edits,
            products: plan.products,
            random: SmallRng::seed_from_u64(plan.seed.wrapping_add(1)),
            edited: HashMap::new(),
            next: Xid(FIRST.0 + 1),
            unpolled: Vec::new(),
        })
    }

    /// The id of the next transaction.
    pub(super) fn next(&self) -> Xid {
        self.next
    }

    /// Somebody edits a product.
    pub(super) fn edit(&mut self) -> Row {
        let product = if self.random.random::<f64>() < self.popular_edits {
            self.popularity.choose(&mut self.random)
        } else {
            self.random.random_range(1..=self.products)
        };
        self.change(product)
    }

    /// A product is edited.
    pub(super) fn change(&mut self, product: u64) -> Row {
        let xid = self.next;
        self.next = Xid(xid.0 + 1);
        self.edited.insert(product, xid);
        // A product's versions rise with its transactions, so the one's number can be the other's.
        let row = Row { key: key(product), version: Version(xid.0), xid };
        self.unpolled.push(row);
        row
    }

    /// The product as a load shows it now.
    pub(super) fn part(&self, product: u64) -> Part {
        let (version, xid) = match self.edited.get(&product) {
            Some(xid) => (Version(xid.0), *xid),
            None => (FIRST, Xid(FIRST.0)),
        };
        Part { key: key(product), version, xid }
    }

    /// The answer to a poll.
    pub(super) fn answer(&mut self) -> Answer {
        Answer {
            epoch: EPOCH,
            beat: Beat(0),
            counts: true,
            snapshot: Snapshot::new(self.next, self.next, Vec::new()),
            rows: std::mem::take(&mut self.unpolled),
        }
    }
}

fn key(product: u64) -> EntityKey {
    EntityKey::product(Uuid::from_u128(product.into()))
}
