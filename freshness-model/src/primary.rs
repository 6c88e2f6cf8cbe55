//! The primary: transactions, its log, and what a statement sees on it or on a replica.

use std::collections::{BTreeMap, BTreeSet};

use catalog_core::{
    freshness::{Answer, Ask, Beat, Epoch, Fill, Row, Snapshot, Version, Xid},
    key::EntityKey,
};

use crate::{
    entry::{Entry, Shown},
    guards::Guard,
    truth::Write,
};

/// What a transaction writes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Change {
    /// A thing, and its version row.
    Thing {
        /// Which one.
        key: EntityKey,
        /// The version that the trigger raises it to.
        version: Version,
        /// The content.
        write: Write,
    },
    /// The same without a trigger: the version row stays as it is.
    Untold(EntityKey, Write),
    /// The thing and its version row are gone.
    Removed(EntityKey, Write),
    /// A thing that was brought from another cluster, with the id that it had there.
    Restored(EntityKey, Xid, Write),
    /// The beat.
    Beat(Beat),
    /// Another epoch begins. Rows whose id is not below this transaction's get the id 0, if told so.
    Epoch(Epoch, bool),
}

impl Change {
    /// What it wrote to a thing.
    pub fn write(&self) -> Option<(EntityKey, Write)> {
        match self {
            Self::Thing { key, write, .. }
            | Self::Untold(key, write)
            | Self::Removed(key, write)
            | Self::Restored(key, _, write) => Some((*key, *write)),
            Self::Beat(_) | Self::Epoch(..) => None,
        }
    }
}

/// A transaction's end in the log; without changes it was rolled back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Record {
    /// Which transaction.
    pub xid: Xid,
    /// What it wrote.
    pub changes: Vec<Change>,
}

/// A row as a statement sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seen {
    /// Of the version row.
    pub version: Version,
    /// Of the version row.
    pub xid: Xid,
    /// The content.
    pub write: Write,
}

/// What one statement sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Every thing that has a version row.
    pub rows: BTreeMap<EntityKey, Seen>,
    /// Of the history row.
    pub epoch: Epoch,
    /// Of the history row.
    pub beat: Beat,
    /// Its snapshot.
    pub snapshot: Snapshot,
}

impl View {
    /// Of these ends of transactions, in the order of the log.
    fn new<'a>(ended: impl Iterator<Item = &'a Record> + Clone) -> Self {
        let (mut rows, mut epoch, mut beat) = (BTreeMap::new(), Epoch::NONE, Beat(0));
        for Record { xid, changes } in ended.clone() {
            for change in changes {
                match *change {
                    Change::Thing { key, version, write } => {
                        rows.insert(key, Seen { version, xid: *xid, write });
                    }
                    Change::Untold(key, write) => {
                        rows.entry(key).and_modify(|seen: &mut Seen| seen.write = write);
                    }
                    Change::Removed(key, _) => {
                        rows.remove(&key);
                    }
                    Change::Restored(key, xid, write) => {
                        rows.insert(key, Seen { version: Version(1), xid, write });
                    }
                    Change::Beat(now) => beat = now,
                    Change::Epoch(now, without_foreign) => {
                        epoch = now;
                        for seen in rows.values_mut().filter(|_| without_foreign) {
                            seen.xid = if seen.xid < *xid { seen.xid } else { Xid(0) };
                        }
                    }
                }
            }
        }
        Self { rows, epoch, beat, snapshot: snapshot(&ended.map(|record| record.xid).collect()) }
    }

    /// What it shows of a thing.
    pub fn shown(&self, key: EntityKey) -> Shown {
        let seen = self.rows.get(&key);
        Shown {
            key,
            version: seen.map_or(Version(0), |seen| seen.version),
            xid: seen.map_or(Xid(0), |seen| seen.xid),
            write: seen.map(|seen| seen.write),
        }
    }

    /// An entry of these things.
    pub fn entry(&self, keys: &[EntityKey]) -> Entry {
        let shown = keys.iter().map(|key| self.shown(*key)).collect();
        Entry { epoch: self.epoch, horizon: self.snapshot.horizon(), shown }
    }

    /// Every version row.
    pub fn version_rows(&self) -> impl Iterator<Item = Row> {
        self.rows.iter().map(|(key, seen)| Row { key: *key, version: seen.version, xid: seen.xid })
    }

    /// The newest version rows, as many as the limit allows.
    pub fn fill(&self, limit: usize, without: Option<Guard>) -> Fill {
        let mut rows: Vec<_> = self.version_rows().collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.xid));
        rows.truncate(limit);
        // Others of the least one's transaction may have been left out.
        let least = rows.last().filter(|_| rows.len() == limit);
        let above = u64::from(without != Some(Guard::FillWhole));
        let floor = least.map_or(Xid(0), |row| Xid(row.xid.0 + above));
        rows.retain(|row| row.xid >= floor);
        Fill { epoch: self.epoch, horizon: self.snapshot.horizon(), floor, rows }
    }
}

/// A snapshot that sees the end of these transactions. Ids are given out without a gap.
fn snapshot(ended: &BTreeSet<Xid>) -> Snapshot {
    let xmax = Xid(ended.last().map_or(1, |last| last.0 + 1));
    let in_progress: Vec<_> = (1..xmax.0).map(Xid).filter(|xid| !ended.contains(xid)).collect();
    Snapshot::new(in_progress.first().copied().unwrap_or(xmax), xmax, in_progress)
}

/// A transaction that has not ended for the primary's snapshots.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Transaction {
    /// What it has written.
    pub changes: Vec<Change>,
    /// Whether its commit is in the log. Replicas may show it from then on, before the primary does.
    pub logged: bool,
}

impl Transaction {
    /// Whether it counts a beat.
    pub fn is_beat(&self) -> bool {
        matches!(self.changes[..], [Change::Beat(_)])
    }
}

/// The primary.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Primary {
    /// Its write-ahead log. A replica shows some part of it from the beginning on.
    pub log: Vec<Record>,
    /// Those that have not ended.
    pub open: BTreeMap<Xid, Transaction>,
    /// Of the incarnation row.
    pub incarnation: Option<Epoch>,
    /// The log of the primary before a crash or a promotion, which some replica may still follow.
    pub abandoned: Vec<Record>,
    /// The last epoch that was begun. Time in microseconds makes it unique.
    pub last_epoch: Epoch,
}

impl Primary {
    /// In epoch 1, with this in it.
    pub fn new(change: Change) -> Self {
        let first = Epoch(1);
        let record = |xid, change| Record { xid: Xid(xid), changes: vec![change] };
        Self {
            log: vec![record(1, change), record(2, Change::Epoch(first, false))],
            open: BTreeMap::new(),
            incarnation: Some(first),
            abandoned: Vec::new(),
            last_epoch: first,
        }
    }

    /// What a statement sees on the primary.
    pub fn view(&self) -> View {
        View::new(self.log.iter().filter(|record| !self.open.contains_key(&record.xid)))
    }

    /// What a statement sees on a replica that has replayed so many records.
    pub fn replica(&self, replayed: usize) -> View {
        View::new(self.log[..replayed].iter())
    }

    /// What a statement sees on a replica of the primary that was.
    pub fn abandoned_replica(&self) -> View {
        View::new(self.abandoned.iter())
    }

    /// The primary that was, if it goes on.
    #[must_use]
    pub fn before_promotion(&self) -> Self {
        Self {
            log: self.abandoned.clone(),
            open: BTreeMap::new(),
            incarnation: Some(self.abandoned_replica().epoch),
            abandoned: Vec::new(),
            last_epoch: self.last_epoch,
        }
    }

    /// Whether an epoch has to begin: an admin pod finds no incarnation row, or polls have told an
    /// operator that they show rows of another history.
    pub fn needs_epoch(&self) -> bool {
        let shows_foreign_rows = || {
            let view = self.view();
            view.rows.values().any(|seen| seen.xid >= view.snapshot.end())
        };
        self.incarnation.is_none() || self.has_dump() && shows_foreign_rows()
    }

    /// Whether another cluster's rows were ever brought here.
    pub fn has_dump(&self) -> bool {
        let mut changes = self.log.iter().flat_map(|record| &record.changes);
        changes.any(|change| matches!(change, Change::Restored(..)))
    }

    /// Begins a transaction.
    pub fn begin(&mut self) -> Xid {
        let xid = Xid(self.last_xid().0 + 1);
        self.open.insert(xid, Transaction::default());
        xid
    }

    fn last_xid(&self) -> Xid {
        let logged = self.log.iter().map(|record| record.xid);
        logged.chain(self.open.keys().copied()).max().unwrap_or(Xid(0))
    }

    /// The beat that comes after those in the log.
    pub fn next_beat(&self) -> Beat {
        let changes = self.log.iter().flat_map(|record| &record.changes);
        let beats = changes.filter_map(|change| match change {
            Change::Beat(beat) => Some(*beat),
            _ => None,
        });
        Beat(beats.max().map_or(1, |beat| beat.0 + 1))
    }

    /// Whether a transaction that has not ended holds the lock on a thing.
    pub fn is_locked(&self, key: EntityKey) -> bool {
        let changes = self.open.values().flat_map(|open| &open.changes);
        changes.filter_map(Change::write).any(|(locked, _)| locked == key)
    }

    /// Whether the incarnation row stands for the epoch of the history row.
    pub fn stands(&self) -> bool {
        self.stands_for(self.view().epoch)
    }

    fn stands_for(&self, epoch: Epoch) -> bool {
        self.incarnation == Some(epoch)
    }

    /// Answers a poll, in one statement, which saw this.
    pub fn answer(&self, view: &View, ask: &Ask) -> Answer {
        let is_asked_for = |row: &Row| match ask {
            Ask::Beginning => row.xid >= view.snapshot.horizon(),
            Ask::Unseen(unseen) => unseen.contains(row.xid),
        };
        Answer {
            epoch: view.epoch,
            beat: view.beat,
            counts: self.stands_for(view.epoch),
            rows: view.version_rows().filter(is_asked_for).collect(),
            snapshot: view.snapshot.clone(),
        }
    }

    /// Crashes, or loses its place to a replica that has replayed so many records. Says which writes
    /// are lost.
    pub fn crash(&mut self, kept: usize) -> Vec<u8> {
        self.abandoned = self.log.clone();
        self.open.clear();
        self.incarnation = None;
        let lost = self.log.split_off(kept);
        // Recovery ends what was in progress.
        for xid in (1..self.last_xid().0).map(Xid) {
            if !self.log.iter().any(|record| record.xid == xid) {
                self.log.push(Record { xid, changes: Vec::new() });
            }
        }
        let writes = lost.iter().flat_map(|record| &record.changes).filter_map(Change::write);
        writes.map(|(_, write)| write.number).collect()
    }

    /// An admin pod begins an epoch, in one transaction.
    pub fn begin_epoch(&mut self, without_foreign: bool) {
        let xid = self.begin();
        self.open.remove(&xid);
        // It is the time in microseconds, so never the next number.
        self.last_epoch = Epoch(self.last_epoch.0 + 2);
        let changes = vec![Change::Epoch(self.last_epoch, without_foreign)];
        self.log.push(Record { xid, changes });
        self.incarnation = Some(self.last_epoch);
    }
}
