//! What the use cases of lists give.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    cache::Body,
    freshness::Label,
    read::{Forward, Via},
    store::Place,
};

use super::Listed;

/// A list, or something made of one, as it is answered.
#[derive(Debug, Clone)]
pub struct ListAnswer {
    /// The answer's body.
    pub body: Arc<Body>,
    /// The worst of all that went into it.
    pub label: Label,
    /// The farthest that had to be gone.
    pub via: Via,
    /// When the clock alone changes it, if it does.
    pub valid_until: Option<Timestamp>,
}

/// A category as it is answered.
#[derive(Debug, Clone)]
pub struct CategoryAnswer {
    /// The answer's body; `None` when the category does not live.
    pub body: Option<Arc<Body>>,
    /// The worst of all that went into it.
    pub label: Label,
    /// The farthest that had to be gone.
    pub via: Via,
}

impl<T> Listed<T> {
    /// Where it came from.
    pub fn via(&self) -> Via {
        self.loaded_from.map_or(Via::MEMORY, |place: Place| Via {
            layer: place.into(),
            forward: Some(Forward::Miss),
        })
    }
}
