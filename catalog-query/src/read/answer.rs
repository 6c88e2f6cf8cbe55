//! What a use case gives: what was found, as of when that is certain, and where it came from.

use std::sync::Arc;

use catalog_core::freshness::Moment;

use crate::cache::{Entry, Layer, Rendered};

/// Why a request had to go beyond this process's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forward {
    /// Nothing was there.
    Miss,
    /// What was there could not be used any longer.
    Stale,
}

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Via {
    /// The layer that had it.
    pub layer: Layer,
    /// `None` when it came from memory.
    pub forward: Option<Forward>,
}

impl Via {
    /// From this process's memory.
    pub const MEMORY: Self = Self { layer: Layer::Moka, forward: None };

    /// Loaded, because memory had nothing.
    pub const fn miss(layer: Layer) -> Self {
        Self { layer, forward: Some(Forward::Miss) }
    }

    /// The farther of two that went into one answer.
    #[must_use]
    pub fn farther(self, other: Self) -> Self {
        let rank = |via: &Self| match via.layer {
            Layer::Moka => 0,
            Layer::Redis => 1,
            Layer::Replica => 2,
            Layer::Primary => 3,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
}

/// As of when an answer is certain, and where it came from. How old that makes it is told when it
/// leaves: it may have to wait for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Whatever was acknowledged before is in it; `None` when that has never been proven.
    pub proven_at: Option<Moment>,
    /// Where it came from.
    pub via: Via,
}

impl Origin {
    /// Of an answer that both went into: the earlier proof, no proof before any, the farther layer.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { proven_at: self.proven_at.min(other.proven_at), via: self.via.farther(other.via) }
    }
}

/// A product in a view.
#[derive(Debug, Clone)]
pub struct ProductAnswer {
    /// What is answered; without a body, that nothing is there.
    pub rendered: Arc<Rendered>,
    /// As of when, and from where.
    pub origin: Origin,
}

impl ProductAnswer {
    /// With what led to it.
    pub(super) fn after(self, origin: Origin) -> Self {
        Self { origin: self.origin.and(origin), ..self }
    }
}

/// A category, the rules, a slug or a SKU.
#[derive(Debug, Clone)]
pub struct EntryAnswer {
    /// What was found, or that nothing is there.
    pub entry: Arc<Entry>,
    /// As of when, and from where.
    pub origin: Origin,
}

impl EntryAnswer {
    pub(super) fn new(entry: Arc<Entry>, via: Via) -> Self {
        let origin = Origin { proven_at: entry.standing.proven_at(), via };
        Self { entry, origin }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_two_is_as_old_as_the_older_and_came_from_as_far_as_the_farther() {
        let origin = |proven_at: Option<u64>, via| Origin { proven_at: proven_at.map(Moment), via };
        let (new, old) = (origin(Some(9), Via::MEMORY), origin(Some(4), Via::miss(Layer::Redis)));
        assert_eq!((new.and(old), old.and(new)), (old, old));
        let unproven = origin(None, Via::MEMORY);
        assert_eq!(old.and(unproven), origin(None, Via::miss(Layer::Redis)));
    }
}
