//! What a use case gives: what was found, how old that may be, and where it came from.

use std::sync::Arc;

use crate::{
    cache::{Entry, Layer, Rendered},
    freshness::Label,
};

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

/// A product in a view.
#[derive(Debug, Clone)]
pub struct ProductAnswer {
    /// What is answered; without a body, that nothing is there.
    pub rendered: Arc<Rendered>,
    /// How old it may be.
    pub label: Label,
    /// Where it came from.
    pub via: Via,
}

/// A category, the rules, a slug or a SKU.
#[derive(Debug, Clone)]
pub struct EntryAnswer {
    /// What was found, or that nothing is there.
    pub entry: Arc<Entry>,
    /// How old it may be.
    pub label: Label,
    /// Where it came from.
    pub via: Via,
}
