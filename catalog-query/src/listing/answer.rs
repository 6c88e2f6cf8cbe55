//! What the use cases of lists give.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{cache::Body, read::Origin};

/// A list, or something made of one, as it is answered.
#[derive(Debug, Clone)]
pub struct ListAnswer {
    /// The answer's body.
    pub body: Arc<Body>,
    /// Of all that went into it.
    pub origin: Origin,
    /// When the clock alone changes it, if it does.
    pub valid_until: Option<Timestamp>,
}

/// A category as it is answered.
#[derive(Debug, Clone)]
pub struct CategoryAnswer {
    /// The answer's body; `None` when the category does not live.
    pub body: Option<Arc<Body>>,
    /// Of all that went into it.
    pub origin: Origin,
}
