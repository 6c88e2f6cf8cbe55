//! Small entries, parsed: categories, slugs, SKUs and the catalog's rules.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use catalog_core::key::EntityKey;
use moka::{ops::compute::Op, sync::Cache};

use super::{Entry, Usage};

/// What an entry weighs beside its document: keys, parts, and the cache's own bookkeeping.
const OVERHEAD: usize = 400;

/// Small entries, parsed, within a budget of bytes. The rules, which every answer needs, stand apart
/// and are never evicted.
#[derive(Debug)]
pub struct EntryCache {
    rules: ArcSwapOption<Entry>,
    others: Cache<EntityKey, Arc<Entry>>,
}

impl EntryCache {
    /// Keeps about `bytes` of them.
    pub fn new(bytes: u64) -> Self {
        let others = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, entry: &Arc<Entry>| {
                // A parsed document takes about twice its text.
                u32::try_from(OVERHEAD + 2 * entry.bytes).unwrap_or(u32::MAX)
            })
            .build();
        Self { rules: ArcSwapOption::empty(), others }
    }

    /// How full it is, the rules not counted.
    pub fn usage(&self) -> Usage {
        Usage::of(&self.others)
    }

    /// The last known entry of `key`.
    pub fn get(&self, key: &EntityKey) -> Option<Arc<Entry>> {
        if *key == EntityKey::RULES {
            return self.rules.load_full();
        }
        self.others.get(key)
    }

    /// The last known rules, borrowed.
    pub fn rules(&self) -> arc_swap::Guard<Option<Arc<Entry>>> {
        self.rules.load()
    }

    /// Keeps the later of this and what it has, and gives it back.
    pub fn offer(&self, entry: &Arc<Entry>) -> Arc<Entry> {
        if entry.key == EntityKey::RULES {
            let known = self.rules.rcu(|known| Some(later(known.as_ref(), entry)));
            return later(known.as_ref(), entry);
        }
        let mut kept = Arc::clone(entry);
        self.others.entry(entry.key).and_compute_with(|known| {
            kept = later(known.map(moka::Entry::into_value).as_ref(), entry);
            if Arc::ptr_eq(&kept, entry) { Op::Put(Arc::clone(entry)) } else { Op::Nop }
        });
        kept
    }
}

/// The later of both, and with the same content as well proven as what it takes the place of.
fn later(known: Option<&Arc<Entry>>, entry: &Arc<Entry>) -> Arc<Entry> {
    match known {
        Some(known) if !entry.is_later_than(known) => Arc::clone(known),
        known => {
            if let Some(known) = known {
                entry.standing.inherit(&known.standing);
            }
            Arc::clone(entry)
        }
    }
}
