//! A pod of catalog-query: what it knows, what it keeps, and what it has under way.

use std::collections::{BTreeMap, VecDeque};

use catalog_core::{
    freshness::{
        Answer, Ask, Beat, BeatLog, Epoch, Fill, Filled, Moment, Outcome, Pod as Knowing,
        Published, Row, Snapshot, Step, Tracker, UNKNOWN, Unseen, Verdict, Version, Xid, judge,
    },
    key::EntityKey,
};

use crate::{
    entry::Entry,
    guards::Guard,
    primary::{Primary, View},
};

/// More than any scope counts.
const BEATS: usize = 8;

/// What readers see of one epoch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Known {
    epoch: Epoch,
    recent: BTreeMap<EntityKey, Version>,
    floor: Xid,
    published: Option<Published>,
    beats: BeatLog,
}

impl Known {
    fn new(epoch: Epoch) -> Self {
        let beats = BeatLog::new(BEATS);
        Self { epoch, recent: BTreeMap::new(), floor: UNKNOWN, published: None, beats }
    }

    fn enter(&mut self, row: Row) {
        let known = self.recent.entry(row.key).or_insert(row.version);
        *known = row.version.max(*known);
    }

    /// The newest poll that counted.
    pub fn published(&self) -> Option<Published> {
        self.published
    }

    /// When the last poll was sent that whatever shows this beat is certain to include.
    pub fn date(&self, epoch: Epoch, beat: Beat) -> Option<Moment> {
        if epoch == self.epoch { self.beats.proves(beat) } else { None }
    }
}

impl Knowing for Known {
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

/// A poll under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Poll {
    sent: Moment,
    ask: Ask,
    answer: Option<(Answer, Vec<Row>)>,
}

/// Someone who reads an entry while the poller writes: the published poll has been taken, perhaps the
/// recent versions have, the floor has not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reading {
    key: EntityKey,
    entry: Entry,
    taken: Known,
    /// Whether every part has been looked up.
    pub looked_up: bool,
}

/// A list, as a replica showed all things.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct List {
    /// Of its snapshot.
    pub beat: Beat,
    /// What it shows.
    pub entry: Entry,
}

/// A pod.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pod {
    tracker: Tracker<Known>,
    /// What readers see.
    pub known: Known,
    /// What the poller has still to do to it.
    pub steps: VecDeque<Step<Known>>,
    /// The poll under way.
    pub poll: Option<Poll>,
    /// How many polls it has sent.
    pub polls: u8,
    /// Every row that a counted poll's snapshot had, newest first seen: what soundness is judged by.
    pub seen: BTreeMap<EntityKey, (Version, Xid)>,
    seen_next: Vec<Row>,
    /// Memory.
    pub kept: BTreeMap<EntityKey, Entry>,
    /// How many rows a fill brought, once one has been offered.
    pub filled: Option<usize>,
    /// Loads that have been made and not taken in.
    pub loaded: BTreeMap<EntityKey, Entry>,
    /// The list that it keeps.
    pub list: Option<List>,
    /// Someone who reads.
    pub reading: Option<Reading>,
    /// What a reader has proven, and as of when.
    pub claim: Option<(Entry, Moment)>,
}

impl Pod {
    /// One that has just started.
    pub fn new(limit: usize) -> Self {
        Self {
            tracker: Tracker::new(limit),
            known: Known::new(Epoch::NONE),
            steps: VecDeque::new(),
            poll: None,
            polls: 0,
            seen: BTreeMap::new(),
            seen_next: Vec::new(),
            kept: BTreeMap::new(),
            filled: None,
            loaded: BTreeMap::new(),
            list: None,
            reading: None,
            claim: None,
        }
    }

    /// Takes a first fill.
    pub fn fill(&mut self, mut fill: Fill, limit: usize, without: Option<Guard>) {
        if without == Some(Guard::FillFloor) {
            fill.floor = Xid(0);
        }
        self.filled = Some(fill.rows.len());
        let mut known = Known::new(fill.epoch);
        fill.rows.iter().for_each(|row| known.enter(*row));
        known.floor = fill.floor;
        self.tracker.offer(Filled::new(&fill, limit, known));
    }

    /// Sends a poll.
    pub fn send(&mut self, now: Moment, without: Option<Guard>) {
        let mut ask = self.tracker.ask().clone();
        if without == Some(Guard::InProgress)
            && let Ask::Unseen(unseen) = &mut ask
        {
            unseen.also.clear();
        }
        self.polls += 1;
        self.poll = Some(Poll { sent: now, ask, answer: None });
    }

    /// What its polls have not seen.
    pub fn unseen(&self) -> &Unseen {
        self.tracker.unseen()
    }

    /// Whether a poll is under way that has not been answered.
    pub fn asks(&self) -> bool {
        self.poll.as_ref().is_some_and(|poll| poll.answer.is_none())
    }

    /// The primary answers it.
    pub fn answer(&mut self, primary: &Primary, without: Option<Guard>) {
        let Some(poll) = &mut self.poll else { return };
        let view = primary.view();
        if without == Some(Guard::FillHorizon)
            && let Ask::Unseen(unseen) = &mut poll.ask
            && self.known.epoch == Epoch::NONE
        {
            unseen.from = view.snapshot.end();
        }
        let mut answer = primary.answer(&view, &poll.ask);
        answer.counts |= without == Some(Guard::Incarnation);
        poll.answer = Some((answer, view.version_rows().collect()));
    }

    /// The answer arrives.
    pub fn receive(&mut self, now: Moment, without: Option<Guard>) {
        let Some(Poll { sent, answer: Some((mut answer, all)), .. }) = self.poll.take() else {
            return;
        };
        let sent = if without == Some(Guard::SentTime) { now } else { sent };
        if without == Some(Guard::FirstFloor) && *self.tracker.ask() == Ask::Beginning {
            let (end, in_progress) = (answer.snapshot.end(), Vec::new());
            answer.snapshot = Snapshot::new(Xid(0), end, in_progress);
        }
        let again = (without == Some(Guard::OnlyTheEpoch)).then(|| answer.clone());
        let (mut outcome, mut steps) = self.tracker.apply(sent, answer);
        if outcome == Outcome::NewEpoch
            && let Some(answer) = again
        {
            let (counted, more) = self.tracker.apply(sent, answer);
            outcome = counted;
            steps.extend(more);
        }
        if steps.iter().any(|step| matches!(step, Step::Begin(_))) {
            self.seen.clear();
        }
        self.seen_next = if outcome == Outcome::Counted { all } else { Vec::new() };
        match without {
            Some(Guard::EnterFirst) => steps.sort_by_key(|step| matches!(step, Step::Enter(_))),
            Some(Guard::FloorBeforeForget)
                if steps.iter().any(|s| matches!(s, Step::Forget(_))) =>
            {
                let raised = steps.len() - 2;
                steps.swap(raised, raised + 1);
            }
            _ => {}
        }
        self.steps = steps.into();
    }

    /// The poller does the next thing to what readers see.
    pub fn step(&mut self) {
        match self.steps.pop_front() {
            Some(Step::Begin(epoch)) => self.known = Known::new(epoch),
            Some(Step::Adopt(known)) => self.known = known,
            Some(Step::Enter(rows)) => rows.into_iter().for_each(|row| self.known.enter(row)),
            Some(Step::SetFloor(floor)) => self.known.floor = floor,
            Some(Step::Publish(poll, beat)) => {
                self.known.published = Some(poll);
                self.known.beats.record(beat, poll.sent);
                for row in std::mem::take(&mut self.seen_next) {
                    self.seen.insert(row.key, (row.version, row.xid));
                }
            }
            Some(Step::Forget(rows)) => {
                for row in rows {
                    self.known.recent.remove(&row.key);
                }
            }
            None => {}
        }
    }

    /// The poller does all that it has to.
    pub fn finish_steps(&mut self) {
        while !self.steps.is_empty() {
            self.step();
        }
    }

    /// Hears a record.
    pub fn hear(&mut self, epoch: Epoch, row: Row, now: Moment, without: Option<Guard>) {
        let taken_for_ours = without == Some(Guard::RecordsEpoch);
        let epoch = if taken_for_ours { self.known.epoch() } else { epoch };
        if let Some(step) = self.tracker.hear(epoch, row) {
            self.steps.push_back(step);
            if without == Some(Guard::RecordsOnlyDisprove) {
                let poll = Published { sent: now, horizon: Xid(row.xid.0 + 1) };
                self.steps.push_back(Step::Publish(poll, Beat(0)));
            }
        }
    }

    /// Judges an entry by the rule.
    pub fn judge(&self, entry: &Entry, without: Option<Guard>) -> Verdict {
        judge_without(entry, &self.known, without)
    }

    /// As of when the entry is proven now.
    pub fn proves(&self, entry: &Entry, without: Option<Guard>) -> Option<Moment> {
        let published = self.known.published()?;
        (self.judge(entry, without) == Verdict::Current).then_some(published.sent)
    }

    /// Reads an entry: a proof raises its horizon.
    pub fn read(&mut self, key: EntityKey, without: Option<Guard>) {
        if let Some(published) = self.known.published
            && let Some(entry) = self.kept.get_mut(&key)
            && judge_without(entry, &self.known, without) == Verdict::Current
        {
            entry.horizon = entry.horizon.max(published.horizon);
        }
    }

    /// Someone begins to read: takes the published poll.
    pub fn begin_reading(&mut self, key: EntityKey) {
        if let Some(entry) = self.kept.get(&key) {
            let (entry, taken) = (entry.clone(), self.known.clone());
            self.reading = Some(Reading { key, entry, taken, looked_up: false });
        }
    }

    /// Looks up every part.
    pub fn look_up(&mut self) {
        if let Some(reading) = &mut self.reading {
            reading.taken.recent.clone_from(&self.known.recent);
            reading.looked_up = true;
        }
    }

    /// Takes the floor, and concludes.
    pub fn conclude_reading(&mut self, without: Option<Guard>) {
        let Some(mut reading) = self.reading.take() else { return };
        if without != Some(Guard::FloorReadLast) {
            reading.taken.floor = self.known.floor;
        }
        if let Some(published) = reading.taken.published
            && judge_without(&reading.entry, &reading.taken, without) == Verdict::Current
        {
            if let Some(kept) =
                self.kept.get_mut(&reading.key).filter(|kept| **kept == reading.entry)
            {
                kept.horizon = kept.horizon.max(published.horizon);
            }
            self.claim = Some((reading.entry, published.sent));
        }
    }

    /// As of when the list is proven.
    pub fn dates_list(&self, without: Option<Guard>) -> Option<(&Entry, Moment)> {
        let list = self.list.as_ref()?;
        let nearer = u64::from(without == Some(Guard::TwoBeats));
        let moment = self.known.date(list.entry.epoch, Beat(list.beat.0 + nearer))?;
        Some((&list.entry, moment))
    }

    /// Keeps a list.
    pub fn keep_list(&mut self, view: &View, keys: &[EntityKey]) {
        self.list = Some(List { beat: view.beat, entry: view.entry(keys) });
    }
}

/// The rule, with what one guard looks at made to please it.
fn judge_without(entry: &Entry, known: &Known, without: Option<Guard>) -> Verdict {
    let parts = entry.parts();
    let mut proof = entry.proof(&parts);
    match without {
        Some(Guard::Epoch) => proof.epoch = known.epoch,
        Some(Guard::Horizon) => proof.horizon = Xid(u64::MAX),
        Some(Guard::RecentVersions) => proof.parts = &[],
        _ => {}
    }
    judge(proof, known)
}
