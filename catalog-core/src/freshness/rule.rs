//! The rule itself.

use smallvec::SmallVec;

use crate::key::EntityKey;

use super::{Epoch, Version, Xid};

/// One thing that went into an entry, in the version that went in; what was looked for and never
/// existed stands with version 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// What went in.
    pub key: EntityKey,
    /// In which version.
    pub version: Version,
    /// The transaction that made that version; 0 when there never was one.
    pub xid: Xid,
}

/// The parts of an entry: a product, its categories and the catalog's rules.
pub type Parts = SmallVec<[Part; 4]>;

/// What an entry brings to its proof.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// The epoch that its snapshots showed.
    pub epoch: Epoch,
    /// The least horizon of its parts' snapshots, or a greater one that a proof has raised it to.
    pub horizon: Xid,
    /// All that went into it.
    pub parts: &'a [Part],
}

/// What a pod knows, as the rule reads it. All answers come from one epoch's state.
pub trait Pod {
    /// The epoch that the pod's polls show.
    fn epoch(&self) -> Epoch;
    /// The greatest version of `key` among the recent changes, if it is among them.
    fn recent(&self, key: &EntityKey) -> Option<Version>;
    /// `F`: every change with an id at or above it that a poll has seen is among the recent ones.
    fn floor(&self) -> Xid;
}

/// What the rule says of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Current as of every poll so far.
    Current,
    /// A part has changed; a load must bring at least this version of it.
    Superseded(Part),
    /// The pod no longer remembers far enough back to tell, or the entry is of another epoch.
    Unprovable,
}

/// Whether an entry is current as of every poll so far.
///
/// A change that is not in the entry has an id at or above the entry's horizon, hence at or above
/// `F`; so if any poll saw it, it is among the recent changes with a greater version.
///
/// The order matters to a reader that runs beside the poller: the poller inserts rows before it
/// publishes its poll, and raises `F` before it drops rows. So the caller takes the poll's sent time
/// and horizon first, then this looks up every part, and reads `F` last: a row dropped before its
/// lookup is then answered by the raised `F`.
pub fn judge(entry: Proof<'_>, pod: &impl Pod) -> Verdict {
    if entry.epoch != pod.epoch() || entry.epoch == Epoch::NONE {
        return Verdict::Unprovable;
    }
    for part in entry.parts {
        if let Some(version) = pod.recent(&part.key)
            && version > part.version
        {
            return Verdict::Superseded(Part { version, ..*part });
        }
    }
    if entry.horizon >= pod.floor() { Verdict::Current } else { Verdict::Unprovable }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use uuid::Uuid;

    use super::*;

    struct Known {
        epoch: Epoch,
        recent: HashMap<EntityKey, Version>,
        floor: Xid,
    }

    impl Pod for Known {
        fn epoch(&self) -> Epoch {
            self.epoch
        }
        fn recent(&self, key: &EntityKey) -> Option<Version> {
            self.recent.get(key).copied()
        }
        fn floor(&self) -> Xid {
            self.floor
        }
    }

    const SOCK: EntityKey = EntityKey::product(Uuid::from_u128(1));
    const SALE: EntityKey = EntityKey::category(Uuid::from_u128(2));

    fn pod(recent: &[(EntityKey, u64)]) -> Known {
        Known {
            epoch: Epoch(5),
            recent: recent.iter().map(|(key, version)| (*key, Version(*version))).collect(),
            floor: Xid(100),
        }
    }

    fn part(key: EntityKey, version: u64) -> Part {
        Part { key, version: Version(version), xid: Xid(90) }
    }

    fn verdict(epoch: u64, horizon: u64, parts: &[Part], pod: &Known) -> Verdict {
        judge(Proof { epoch: Epoch(epoch), horizon: Xid(horizon), parts }, pod)
    }

    #[test]
    fn an_entry_with_every_part_at_its_recent_version_is_current() {
        let parts = [part(SOCK, 3), part(SALE, 1)];
        assert_eq!(verdict(5, 100, &parts, &pod(&[(SOCK, 3)])), Verdict::Current);
        assert_eq!(verdict(5, 100, &parts, &pod(&[])), Verdict::Current);
    }

    #[test]
    fn any_part_with_a_greater_recent_version_supersedes() {
        let parts = [part(SOCK, 3), part(SALE, 1)];
        let newer = pod(&[(SALE, 2)]);
        assert_eq!(
            verdict(5, 100, &parts, &newer),
            Verdict::Superseded(Part { version: Version(2), ..part(SALE, 1) })
        );
    }

    #[test]
    fn what_was_absent_is_superseded_by_its_creation() {
        let absent = [part(SOCK, 0)];
        assert_eq!(verdict(5, 100, &absent, &pod(&[])), Verdict::Current);
        assert!(matches!(verdict(5, 100, &absent, &pod(&[(SOCK, 1)])), Verdict::Superseded(_)));
    }

    #[test]
    fn a_horizon_below_the_floor_or_another_epoch_proves_nothing() {
        let parts = [part(SOCK, 3)];
        assert_eq!(verdict(5, 99, &parts, &pod(&[])), Verdict::Unprovable);
        assert_eq!(verdict(4, 100, &parts, &pod(&[])), Verdict::Unprovable);
        assert_eq!(verdict(6, 100, &parts, &pod(&[])), Verdict::Unprovable);
    }

    #[test]
    fn nothing_is_proven_before_an_epoch_has_begun() {
        let none = Known { epoch: Epoch::NONE, ..pod(&[]) };
        assert_eq!(verdict(0, 100, &[part(SOCK, 3)], &none), Verdict::Unprovable);
    }
}
