//! What a cached entry carries for its proof.

#[cfg(debug_assertions)]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicU64, Ordering};

use catalog_core::freshness::{Epoch, Moment, Part, Parts, Published, Version, Xid};

/// What a cached entry carries for its proof. The horizon and the time of the last proof only rise,
/// each raised by whoever has just proven this very entry.
#[derive(Debug)]
pub struct Standing {
    epoch: Epoch,
    parts: Parts,
    horizon: AtomicU64,
    /// 0 until it is proven.
    proven_at: AtomicU64,
    loaded_at: Moment,
    /// Before this moment no load is begun for it again.
    retry_at: AtomicU64,
    /// Held for current whatever changes: by a test that breaks this process.
    #[cfg(debug_assertions)]
    is_pinned: AtomicBool,
}

impl Standing {
    /// Of what was loaded at `loaded_at`, not proven yet. `horizon` is the least of the parts'.
    pub fn new(epoch: Epoch, parts: Parts, horizon: Xid, loaded_at: Moment) -> Self {
        Self {
            epoch,
            parts,
            horizon: AtomicU64::new(horizon.0),
            proven_at: AtomicU64::new(0),
            loaded_at,
            retry_at: AtomicU64::new(0),
            #[cfg(debug_assertions)]
            is_pinned: AtomicBool::new(false),
        }
    }

    /// Breaks the rule for this entry, for a test.
    #[cfg(debug_assertions)]
    pub(crate) fn pin(&self) {
        self.is_pinned.store(true, Ordering::Release);
    }

    #[cfg(debug_assertions)]
    pub(super) fn is_pinned(&self) -> bool {
        self.is_pinned.load(Ordering::Acquire)
    }

    /// The epoch that its snapshots showed.
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// All that went into it.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The version of the thing that it is an entry of: its first part.
    pub fn version(&self) -> Version {
        self.parts.first().map_or(Version(0), |part| part.version)
    }

    /// What its snapshots have seen, or what a proof has raised that to.
    pub fn horizon(&self) -> Xid {
        Xid(self.horizon.load(Ordering::Acquire))
    }

    /// The sent time of the last poll that proved it.
    pub fn proven_at(&self) -> Option<Moment> {
        let moment = self.proven_at.load(Ordering::Acquire);
        (moment > 0).then_some(Moment(moment))
    }

    /// When it was last known to be the best there is: proven, or loaded.
    pub fn known_at(&self) -> Moment {
        self.proven_at().map_or(self.loaded_at, |proven| proven.max(self.loaded_at))
    }

    /// Whether a load may be begun for it at `now`. If so, the next may be begun at `next`: who is
    /// told so begins it.
    pub fn take_retry(&self, now: Moment, next: Moment) -> bool {
        let due = self.retry_at.load(Ordering::Relaxed);
        due <= now.0
            && self
                .retry_at
                .compare_exchange(due, next.0, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    /// Takes over what `known`, whose place this takes, has been proven as of. In one epoch the same
    /// versions are the same content, so what proved the one proves the other. Without that, a load
    /// that brings nothing new and cannot be proven would throw away a proof still within the bound,
    /// and the pause before the next load with it.
    pub fn inherit(&self, known: &Self) {
        if self.epoch == known.epoch && self.parts == known.parts {
            raise(&self.proven_at, known.proven_at.load(Ordering::Acquire));
            raise(&self.retry_at, known.retry_at.load(Ordering::Relaxed));
        }
    }

    pub(super) fn proven(&self, poll: Published) {
        raise(&self.horizon, poll.horizon.0);
        raise(&self.proven_at, poll.sent.0);
    }
}

/// Most proofs find it raised already, and then do not write to a cache line that others read.
fn raise(value: &AtomicU64, to: u64) {
    if value.load(Ordering::Relaxed) < to {
        value.fetch_max(to, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use catalog_core::{key::EntityKey, view::View};
    use jiff::Timestamp;
    use smallvec::smallvec;
    use uuid::Uuid;

    use super::*;
    use crate::cache::{Entry, EntryCache, Layer, Rendered, RenderedCache, RenderedKey};

    const SOCK: Uuid = Uuid::from_u128(1);
    const SALE: EntityKey = EntityKey::category(Uuid::from_u128(2));

    fn standing(key: EntityKey, version: u64, horizon: u64) -> Standing {
        let part = Part { key, version: Version(version), xid: Xid(1) };
        Standing::new(Epoch(5), smallvec![part], Xid(horizon), Moment(1))
    }

    fn proven(standing: Standing) -> Standing {
        standing.proven(Published { sent: Moment(300), horizon: Xid(120) });
        assert!(standing.take_retry(Moment(310), Moment(400)));
        standing
    }

    fn rendered(standing: Standing) -> Arc<Rendered> {
        let view = View {
            channel: "web".parse().unwrap(),
            locale: "en".parse().unwrap(),
            currency: "EUR".parse().unwrap(),
        };
        let key = RenderedKey { id: SOCK, view };
        let layer = Layer::Replica;
        Arc::new(Rendered {
            key,
            standing,
            body: None,
            hash: None,
            valid_until: None,
            layer,
            first_read: None,
        })
    }

    fn entry(standing: Standing) -> Arc<Entry> {
        let (key, layer) = (standing.parts()[0].key, Layer::Replica);
        Arc::new(Entry { key, standing, document: None, layer, bytes: 0, hash: None })
    }

    #[test]
    fn what_takes_the_place_of_the_same_content_keeps_its_proof_and_its_pause() {
        let cache = RenderedCache::new(1 << 20);
        let key = EntityKey::product(SOCK);
        cache.offer(&rendered(proven(standing(key, 3, 100))), Timestamp::UNIX_EPOCH);
        let later = rendered(standing(key, 3, 140));
        let kept = cache.offer(&later, Timestamp::UNIX_EPOCH);
        assert!(Arc::ptr_eq(&kept, &later));
        assert_eq!(kept.standing.proven_at(), Some(Moment(300)));
        assert!(!kept.standing.take_retry(Moment(399), Moment(500)));

        let entries = EntryCache::new(1 << 20);
        for key in [SALE, EntityKey::RULES] {
            entries.offer(&entry(proven(standing(key, 3, 100))));
            let kept = entries.offer(&entry(standing(key, 3, 140)));
            assert_eq!(kept.standing.horizon(), Xid(140));
            assert_eq!(kept.standing.proven_at(), Some(Moment(300)));
        }
    }

    #[test]
    fn another_version_or_epoch_inherits_nothing() {
        let known = proven(standing(SALE, 3, 100));
        let newer = standing(SALE, 4, 140);
        newer.inherit(&known);
        assert_eq!(newer.proven_at(), None);
        let part = Part { key: SALE, version: Version(3), xid: Xid(1) };
        let other = Standing::new(Epoch(6), smallvec![part], Xid(140), Moment(1));
        other.inherit(&known);
        assert_eq!(other.proven_at(), None);
    }

    #[test]
    fn an_older_entry_that_is_offered_gives_way_to_the_one_that_is_kept() {
        let entries = EntryCache::new(1 << 20);
        for key in [SALE, EntityKey::RULES] {
            entries.offer(&entry(standing(key, 3, 140)));
            let kept = entries.offer(&entry(standing(key, 2, 150)));
            assert_eq!(kept.standing.version(), Version(3));
        }
    }
}
