//! What a cached entry carries for its proof.

use std::sync::atomic::{AtomicU64, Ordering};

use catalog_core::freshness::{Epoch, Moment, Part, Parts, Version, Xid};

use super::Published;

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
        }
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
