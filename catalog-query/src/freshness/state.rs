//! What a pod knows of one epoch, written by one thread and read by all.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use catalog_core::{
    freshness::{
        Beat, BeatLog, Epoch, Moment, Pod, Proof, Published, Row, UNKNOWN, Unseen, Verdict,
        Version, Xid, judge,
    },
    key::EntityKey,
};
use dashmap::DashMap;
use foldhash::fast::RandomState;
use parking_lot::Mutex;

use super::Standing;

/// At four beats a second, more than a minute of them.
const BEATS: usize = 256;

/// What is known of one epoch. Another epoch has another such object, so that no proof mixes two.
///
/// Two orders make it sound without a lock. The writer enters rows before it publishes the poll that
/// showed them, and raises the floor before it forgets rows. A reader takes the published poll
/// first, looks up every part next, and the floor last.
#[derive(Debug)]
pub struct EpochState {
    epoch: Epoch,
    /// Looked at several times in each read, so hashed with what is fast and still seeded.
    recent: DashMap<EntityKey, Version, RandomState>,
    floor: AtomicU64,
    horizon: AtomicU64,
    /// 0 until a poll has counted.
    sent: AtomicU64,
    beats: Mutex<BeatLog>,
    unseen: ArcSwap<Unseen>,
}

impl EpochState {
    /// Nothing is known, and the floor is so high that nothing is provable.
    pub fn new(epoch: Epoch) -> Self {
        Self {
            epoch,
            recent: DashMap::default(),
            floor: AtomicU64::new(UNKNOWN.0),
            horizon: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            beats: Mutex::new(BeatLog::new(BEATS)),
            unseen: ArcSwap::from_pointee(Unseen::EVERYTHING),
        }
    }

    /// The newest poll that counted. Written horizon first, read sent time first: the horizon may
    /// then be of a later poll than the sent time, whose rows are entered all the same.
    pub fn published(&self) -> Option<Published> {
        let sent = self.sent.load(Ordering::Acquire);
        let horizon = self.horizon.load(Ordering::Acquire);
        (sent > 0).then_some(Published { sent: Moment(sent), horizon: Xid(horizon) })
    }

    /// Judges what stands so, and notes the proof in it when there is one.
    pub fn prove(&self, standing: &Standing) -> Verdict {
        let (verdict, proof) = self.look(standing);
        if let Some(poll) = proof {
            standing.proven(poll);
        }
        verdict
    }

    /// Judges what stands so, and leaves it as it is; with the poll that proves it, when one does.
    pub(super) fn look(&self, standing: &Standing) -> (Verdict, Option<Published>) {
        let published = self.published();
        let proof =
            Proof { epoch: standing.epoch(), horizon: standing.horizon(), parts: standing.parts() };
        let verdict = judge(proof, self);
        #[cfg(debug_assertions)]
        let verdict = if standing.is_pinned() { Verdict::Current } else { verdict };
        (verdict, published.filter(|_| verdict == Verdict::Current))
    }

    /// When the last poll was sent that whatever shows `beat` in this epoch is certain to include.
    pub fn date(&self, beat: Beat) -> Option<Moment> {
        self.beats.lock().proves(beat)
    }

    /// What the polls that counted have not seen; maybe a poll ago.
    pub fn unseen(&self) -> Arc<Unseen> {
        self.unseen.load_full()
    }

    pub(super) fn set_unseen(&self, unseen: Unseen) {
        self.unseen.store(Arc::new(unseen));
    }

    pub(super) fn enter(&self, row: Row) {
        self.recent
            .entry(row.key)
            .and_modify(|known| *known = row.version.max(*known))
            .or_insert(row.version);
    }

    pub(super) fn set_floor(&self, floor: Xid) {
        self.floor.store(floor.0, Ordering::Release);
    }

    /// Call after the poll's rows have been entered.
    pub(super) fn publish(&self, poll: Published, beat: Beat) {
        self.beats.lock().record(beat, poll.sent);
        self.horizon.fetch_max(poll.horizon.0, Ordering::AcqRel);
        self.sent.store(poll.sent.0, Ordering::Release);
    }

    /// Call after the floor has been raised above the rows.
    pub(super) fn forget(&self, rows: &[Row]) {
        for row in rows {
            self.recent.remove(&row.key);
        }
    }
}

impl Pod for EpochState {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    fn recent(&self, key: &EntityKey) -> Option<Version> {
        self.recent.get(key).map(|known| *known)
    }

    fn floor(&self) -> Xid {
        Xid(self.floor.load(Ordering::Acquire))
    }
}
