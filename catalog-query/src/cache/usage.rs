//! How full a cache is.

use std::hash::{BuildHasher, Hash};

use moka::sync::Cache;

/// How full a cache is. The cache counts in the background, so a moment late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// What its entries weigh.
    pub bytes: u64,
    /// What they may weigh.
    pub limit: u64,
    /// How many there are.
    pub entries: u64,
}

impl Usage {
    pub(super) fn of<K, V, S>(cache: &Cache<K, V, S>) -> Self
    where
        K: Hash + Eq + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        S: BuildHasher + Clone + Send + Sync + 'static,
    {
        let limit = cache.policy().max_capacity().unwrap_or(u64::MAX);
        Self { bytes: cache.weighted_size(), limit, entries: cache.entry_count() }
    }
}
