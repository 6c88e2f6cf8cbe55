//! Rendered products: the bytes that are answered, and what proves them.

use std::{cmp::Ordering, sync::Arc};

use catalog_core::{
    contract::memory::DocumentHash, freshness::Version, key::EntityKey, view::View,
};
use foldhash::fast::RandomState;
use jiff::Timestamp;
use moka::{ops::compute::Op, sync::Cache};
use uuid::Uuid;

use super::{Body, Layer, Usage};
use crate::{change_traces::FirstRead, freshness::Standing};

/// What an entry weighs beside its bytes: key, parts, validators, the cache's own bookkeeping.
const OVERHEAD: usize = 640;

/// A product in a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RenderedKey {
    /// Which product.
    pub id: Uuid,
    /// In which view.
    pub view: View,
}

/// A product as it is answered in one view.
#[derive(Debug)]
pub struct Rendered {
    /// What it is of.
    pub key: RenderedKey,
    /// What the rule needs: the product first, the rules second, its categories after them.
    pub standing: Standing,
    /// `None` when nothing is seen: it does not exist, or not for storefronts, or not now.
    pub body: Option<Arc<Body>>,
    /// Of the product's document; `None` when the product does not exist.
    pub hash: Option<DocumentHash>,
    /// When the clock alone changes what is seen.
    pub valid_until: Option<Timestamp>,
    /// Where the product's document was found.
    pub layer: Layer,
    /// Is told when it is answered, if an edit's trace is followed to here.
    pub first_read: Option<FirstRead>,
}

impl Rendered {
    /// An answer with it leaves.
    pub fn answered(&self) {
        if let Some(first_read) = &self.first_read {
            first_read.answered();
        }
    }

    /// Whether the clock has changed what is seen.
    pub fn has_lapsed(&self, wall: Timestamp) -> bool {
        self.valid_until.is_some_and(|until| until <= wall)
    }

    /// In which version the rules went into it.
    pub fn rules_version(&self) -> Option<Version> {
        let rules = self.standing.parts().iter().find(|part| part.key == EntityKey::RULES);
        rules.map(|part| part.version)
    }

    /// Whether `known` shows the same and can be proven at least as well.
    pub fn adds_nothing_to(&self, known: &Self, wall: Timestamp) -> bool {
        let (new, old) = (&self.standing, &known.standing);
        !known.has_lapsed(wall)
            && new.epoch() == old.epoch()
            && new.parts() == old.parts()
            && new.horizon() <= old.horizon()
    }

    /// Whether what is kept should make room for it: it is proven or of a later state, and never of
    /// an earlier version, however late it comes.
    fn replaces(&self, known: &Self, wall: Timestamp) -> bool {
        let version = |rendered: &Self| (rendered.standing.epoch(), rendered.standing.version());
        match version(self).cmp(&version(known)) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => {
                known.has_lapsed(wall)
                    || self.standing.proven_at().is_some()
                    || self.standing.horizon() > known.standing.horizon()
            }
        }
    }
}

/// Rendered products within a budget of bytes.
#[derive(Debug)]
pub struct RenderedCache(Cache<RenderedKey, Arc<Rendered>, RandomState>);

impl RenderedCache {
    /// Keeps about `bytes` of them.
    pub fn new(bytes: u64) -> Self {
        let cache = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, rendered: &Arc<Rendered>| {
                let body = rendered.body.as_ref().map_or(0, |body| body.bytes());
                u32::try_from(OVERHEAD + body).unwrap_or(u32::MAX)
            })
            .build_with_hasher(RandomState::default());
        Self(cache)
    }

    /// Whether there is one; asking does not count as a use.
    pub fn contains(&self, key: &RenderedKey) -> bool {
        self.0.contains_key(key)
    }

    /// The last known rendering.
    pub fn get(&self, key: &RenderedKey) -> Option<Arc<Rendered>> {
        self.0.get(key)
    }

    /// Keeps it if it should replace what there is, and gives back what is kept.
    pub fn offer(&self, rendered: &Arc<Rendered>, wall: Timestamp) -> Arc<Rendered> {
        let mut kept = Arc::clone(rendered);
        self.0.entry(rendered.key).and_compute_with(|known| {
            match known.map(moka::Entry::into_value) {
                Some(known) if !rendered.replaces(&known, wall) => {
                    kept = known;
                    Op::Nop
                }
                known => {
                    if let Some(known) = known {
                        rendered.standing.inherit(&known.standing);
                    }
                    Op::Put(Arc::clone(rendered))
                }
            }
        });
        kept
    }

    /// How full it is.
    pub fn usage(&self) -> Usage {
        Usage::of(&self.0)
    }

    /// Weighs it again, after its body has been encoded once more.
    pub fn weigh(&self, rendered: &Arc<Rendered>) {
        self.0.entry(rendered.key).and_compute_with(|known| {
            match known.map(moka::Entry::into_value) {
                Some(known) if Arc::ptr_eq(&known, rendered) => Op::Put(known),
                _ => Op::Nop,
            }
        });
    }
}
