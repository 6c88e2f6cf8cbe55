//! A cached entry.

use catalog_core::{
    freshness::{Epoch, Part, Parts, Proof, Version, Xid},
    key::EntityKey,
};

use crate::truth::Write;

/// What a load brought of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shown {
    /// Which one.
    pub key: EntityKey,
    /// 0 when it never existed.
    pub version: Version,
    /// The transaction that made the version.
    pub xid: Xid,
    /// The content.
    pub write: Option<Write>,
}

/// Something loaded, or assembled of what was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The epoch that its snapshots showed.
    pub epoch: Epoch,
    /// The least of its snapshots' horizons, or one that a proof has raised it to.
    pub horizon: Xid,
    /// All that went into it.
    pub shown: Vec<Shown>,
}

impl Entry {
    /// What the rule judges.
    pub fn parts(&self) -> Parts {
        let part = |shown: &Shown| Part { key: shown.key, version: shown.version, xid: shown.xid };
        self.shown.iter().map(part).collect()
    }

    /// Its proof, of these parts.
    pub fn proof<'a>(&self, parts: &'a Parts) -> Proof<'a> {
        Proof { epoch: self.epoch, horizon: self.horizon, parts }
    }
}
