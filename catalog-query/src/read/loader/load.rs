//! One load: what is still wanted, what was found, and what Redis is to be told.

use std::{collections::HashMap, sync::Arc};

use catalog_core::{contract::redis_entry::Body, key::EntityKey};

use super::Found;
use crate::{
    cache::Entry,
    read::Subject,
    store::{Shown, entries::EntryRow},
};

/// What a load under a lease brings to Redis.
#[derive(Debug)]
pub(super) struct Fill {
    pub(super) token: String,
    pub(super) shown: Shown,
    pub(super) row: EntryRow,
}

impl Fill {
    pub(super) fn body(&self) -> Body<'_> {
        Body {
            epoch: self.shown.epoch,
            version: self.row.version,
            xid: self.row.xid,
            horizon: self.shown.horizon,
            document: self.row.document.as_deref().map(str::as_bytes),
        }
    }
}

/// One load of one or many things.
#[derive(Debug, Default)]
pub(in crate::read) struct Load {
    wanted: HashMap<EntityKey, Subject>,
    found: Found,
    /// What statements brought along.
    companions: Found,
    /// The leases that this load holds in Redis, by key.
    leases: HashMap<EntityKey, String>,
    /// What other pods are loading.
    awaited: Vec<EntityKey>,
    pub(super) fills: Vec<Fill>,
}

impl Load {
    pub(super) fn new(subjects: &[Subject]) -> Self {
        let wanted = subjects.iter().map(|subject| (subject.key(), subject.clone())).collect();
        Self { wanted, ..Self::default() }
    }

    /// What the rule has not accepted yet.
    pub(super) fn wanted(&self) -> Vec<Subject> {
        self.wanted.values().cloned().collect()
    }

    pub(super) fn wanted_keys(&self) -> Vec<EntityKey> {
        self.wanted.keys().copied().collect()
    }

    pub(super) fn wants(&self, key: &EntityKey) -> bool {
        self.wanted.contains_key(key)
    }

    /// What is wanted and not being loaded by another pod.
    pub(super) fn not_awaited(&self) -> Vec<Subject> {
        let own = self.wanted.iter().filter(|(key, _)| !self.awaited.contains(key));
        own.map(|(_, subject)| subject.clone()).collect()
    }

    pub(super) fn awaited(&self) -> Vec<EntityKey> {
        self.awaited.iter().copied().filter(|key| self.wants(key)).collect()
    }

    /// Notes what was found; an accepted one is no longer wanted.
    pub(super) fn note(&mut self, entry: Arc<Entry>, accepted: bool) {
        if accepted {
            self.wanted.remove(&entry.key);
        }
        match self.found.get(&entry.key) {
            Some(known) if !accepted && !entry.is_later_than(known) => {}
            _ => {
                self.found.insert(entry.key, entry);
            }
        }
    }

    pub(super) fn bring(&mut self, companion: Arc<Entry>) {
        self.companions.insert(companion.key, companion);
    }

    pub(super) fn hold(&mut self, key: EntityKey, lease: String) {
        self.leases.insert(key, lease);
    }

    pub(super) fn lease(&mut self, key: &EntityKey) -> Option<String> {
        self.leases.remove(key)
    }

    pub(super) fn wait_for(&mut self, key: EntityKey) {
        self.awaited.push(key);
    }

    /// The best that was found of `key`.
    pub(in crate::read) fn found(&self, key: &EntityKey) -> Option<&Arc<Entry>> {
        self.found.get(key)
    }

    /// What a statement brought along.
    pub(in crate::read) fn companion(&self, key: &EntityKey) -> Option<&Arc<Entry>> {
        self.companions.get(key)
    }
}
