//! What memory has, looked at from outside: nothing is loaded, and nobody is answered with it.

use std::sync::Arc;

use catalog_core::{
    contract::memory::{DocumentHash, Remembered},
    document::CatalogRules,
    key::{EntityKey, Kind},
};
use uuid::Uuid;

use super::Reader;
use crate::{
    cache::{Rendered, RenderedKey},
    freshness::Standing,
};

/// Of a catalog with more views than these, the first ones are looked at.
const MOST_VIEWS: usize = 1_000;

impl Reader {
    /// What memory has of this: of a product, in each view.
    pub fn remembered(&self, key: EntityKey) -> Vec<Remembered> {
        if key.kind != Kind::Product {
            let entry = self.entries.get(&key);
            return entry
                .map(|entry| self.as_remembered(key, None, &entry.standing, entry.hash))
                .into_iter()
                .collect();
        }
        let in_view = |rendered: Arc<Rendered>| {
            let view = Some(rendered.key.view.to_string());
            let mut remembered = self.as_remembered(key, view, &rendered.standing, rendered.hash);
            remembered.is_stale |= rendered.has_lapsed(self.clock.wall());
            remembered
        };
        self.renderings(key.id).into_iter().map(in_view).collect()
    }

    /// Holds what memory has of this for current from now on.
    #[cfg(debug_assertions)]
    pub fn pin(&self, key: EntityKey) {
        self.renderings(key.id).iter().for_each(|rendered| rendered.standing.pin());
    }

    fn renderings(&self, id: Uuid) -> Vec<Arc<Rendered>> {
        let rules = self.entries.rules();
        let views = rules.as_ref().and_then(|entry| entry.rules()).into_iter();
        let views = views.flat_map(CatalogRules::views).take(MOST_VIEWS);
        // Asked first whether it is there, which does not make it look popular.
        views
            .map(|view| RenderedKey { id, view })
            .filter(|key| self.rendered.contains(key))
            .filter_map(|key| self.rendered.get(&key))
            .collect()
    }

    fn as_remembered(
        &self,
        key: EntityKey,
        view: Option<String>,
        standing: &Standing,
        hash: Option<DocumentHash>,
    ) -> Remembered {
        let now = self.clock.now();
        let proven_at = self.freshness.would_be_proven_at(standing);
        let proven_ms_ago = proven_at
            .map(|proven| u64::try_from(now.since(proven).as_millis()).unwrap_or(u64::MAX));
        Remembered {
            key,
            view,
            epoch: standing.epoch(),
            version: standing.version(),
            hash,
            proven_ms_ago,
            is_stale: self.freshness.label(proven_at, now).is_stale(),
        }
    }
}
