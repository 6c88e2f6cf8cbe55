//! One load: what is still wanted, what was found, and what Redis is to be told.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use catalog_core::{contract::redis_entry::Body, key::EntityKey};

use super::Found;
use crate::{
    cache::Entry,
    read::{ReadError, Subject},
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
#[derive(Debug)]
pub(in crate::read) struct Load {
    /// What is still to be looked for.
    wanted: HashMap<EntityKey, Subject>,
    found: Found,
    /// What statements brought along.
    companions: Found,
    /// The leases that this load holds in Redis, by key.
    pub(super) leases: HashMap<EntityKey, String>,
    /// What other pods are loading.
    awaited: HashSet<EntityKey>,
    /// What Redis holds of this is of no use to anybody.
    pub(super) useless_in_redis: HashSet<EntityKey>,
    pub(super) fills: Vec<Fill>,
    failure: Option<ReadError>,
}

impl Load {
    pub(in crate::read) fn new(subjects: Vec<Subject>) -> Self {
        Self::of(subjects.into_iter().map(|subject| (subject.key(), subject)).collect())
    }

    fn of(wanted: HashMap<EntityKey, Subject>) -> Self {
        Self {
            wanted,
            found: Found::new(),
            companions: Found::new(),
            leases: HashMap::new(),
            awaited: HashSet::new(),
            useless_in_redis: HashSet::new(),
            fills: Vec::new(),
            failure: None,
        }
    }

    /// Makes a load of its own of what is still wanted.
    pub(in crate::read) fn split_wanted(&mut self) -> Self {
        let mut rest = Self::of(std::mem::take(&mut self.wanted));
        let is_wanted = |key: &EntityKey| rest.wanted.contains_key(key);
        let found = self.found.extract_if(|key, _| is_wanted(key)).collect();
        let leases = self.leases.extract_if(|key, _| is_wanted(key)).collect();
        rest.awaited = std::mem::take(&mut self.awaited);
        (rest.found, rest.leases, rest.failure) = (found, leases, self.failure);
        rest
    }

    pub(super) fn wanted_keys(&self) -> Vec<EntityKey> {
        self.wanted.keys().copied().collect()
    }

    pub(in crate::read) fn wants(&self, key: &EntityKey) -> bool {
        self.wanted.contains_key(key)
    }

    pub(super) fn wants_any(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// What is wanted and not being loaded by another pod.
    pub(super) fn own(&self) -> Vec<Subject> {
        let own = self.wanted.iter().filter(|(key, _)| !self.awaited.contains(key));
        own.map(|(_, subject)| subject.clone()).collect()
    }

    /// What is wanted and being loaded by another pod.
    pub(super) fn awaited(&self) -> Vec<EntityKey> {
        self.awaited.iter().copied().filter(|key| self.wants(key)).collect()
    }

    pub(super) fn wait_for(&mut self, key: EntityKey) {
        self.awaited.insert(key);
    }

    pub(super) fn wait_no_longer(&mut self) {
        self.awaited.clear();
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

    /// Nothing better will be found of it.
    pub(super) fn settle(&mut self, key: &EntityKey) {
        self.wanted.remove(key);
    }

    /// Nothing better will be found of what was found at all.
    pub(super) fn settle_found(&mut self) {
        self.wanted.retain(|key, _| !self.found.contains_key(key));
    }

    /// Notes why something was not found.
    pub(in crate::read) fn fail(&mut self, failure: ReadError) {
        self.failure = Some(failure);
    }

    /// Why what was not found was not.
    pub(in crate::read) fn failure(&self) -> ReadError {
        self.failure.unwrap_or(ReadError::Unavailable)
    }

    pub(super) fn bring(&mut self, companion: Arc<Entry>) {
        self.companions.insert(companion.key, companion);
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
