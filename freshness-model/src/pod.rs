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
    horizon: Xid,
    sent: Option<Moment>,
    beats: BeatLog,
}

impl Known {
    fn new(epoch: Epoch) -> Self {
        Self {
            epoch,
            recent: BTreeMap::new(),
            floor: UNKNOWN,
            horizon: Xid(0),
            sent: None,
            beats: BeatLog::new(BEATS),
        }
    }

    fn enter(&mut self, row: Row) {
        let known = self.recent.entry(row.key).or_insert(row.version);
        *known = row.version.max(*known);
    }

    /// The newest poll that counted.
    pub fn published(&self) -> Option<Published> {
        self.sent.map(|sent| Published { sent, horizon: self.horizon })
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

/// The next thing that the poller does to what readers see.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Doing {
    /// What the tracker says, but that of a poll that has counted only the horizon is written.
    Take(Step<Known>),
    /// The sent time is written.
    Sent(Moment),
}

/// What a reader takes of what is known, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Takes {
    /// When the last poll was sent.
    Sent,
    /// The last poll's horizon.
    Horizon,
    /// The recent version of every part.
    Versions,
    /// `F`.
    Floor,
}

impl Takes {
    const fn in_order(without: Option<Guard>) -> [Self; 4] {
        match without {
            Some(Guard::SentReadFirst) => [Self::Horizon, Self::Versions, Self::Floor, Self::Sent],
            Some(Guard::HorizonReadFirst) => {
                [Self::Sent, Self::Versions, Self::Floor, Self::Horizon]
            }
            Some(Guard::FloorReadLast) => [Self::Sent, Self::Horizon, Self::Floor, Self::Versions],
            _ => [Self::Sent, Self::Horizon, Self::Versions, Self::Floor],
        }
    }
}

/// Someone who reads an entry while the poller writes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reading {
    key: EntityKey,
    entry: Entry,
    /// The state that it reads, once another has taken the place of that.
    replaced: Option<Known>,
    /// What it has taken.
    taken: Known,
    /// How many things that is.
    count: usize,
}

impl Reading {
    /// What it takes next.
    pub const fn next(&self, without: Option<Guard>) -> Takes {
        Takes::in_order(without)[self.count]
    }

    fn take(&mut self, known: &Known, without: Option<Guard>) {
        let known = match &self.replaced {
            Some(replaced) if without != Some(Guard::OneState) => replaced,
            _ => known,
        };
        match self.next(without) {
            Takes::Sent => self.taken.sent = known.sent,
            Takes::Horizon => self.taken.horizon = known.horizon,
            Takes::Versions => {
                self.taken.epoch = known.epoch;
                self.taken.recent.clone_from(&known.recent);
            }
            Takes::Floor => self.taken.floor = known.floor,
        }
        self.count += 1;
    }
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
    pub steps: VecDeque<Doing>,
    /// The poll under way.
    pub poll: Option<Poll>,
    /// The greatest epoch that it has been shown.
    pub newest: Epoch,
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
            newest: Epoch::NONE,
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
        if without == Some(Guard::ForeignRows) {
            let last = Xid(answer.snapshot.end().0 - 1);
            answer.rows.iter_mut().for_each(|row| row.xid = row.xid.min(last));
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
        self.steps = steps.into_iter().map(Doing::Take).collect();
    }

    /// The poller does the next thing to what readers see.
    pub fn step(&mut self) {
        match self.steps.pop_front() {
            Some(Doing::Take(step)) => self.take(step),
            Some(Doing::Sent(sent)) => self.known.sent = Some(sent),
            None => {}
        }
    }

    fn take(&mut self, step: Step<Known>) {
        match step {
            Step::Begin(epoch) => self.show(Known::new(epoch)),
            Step::Adopt(known) => self.show(known),
            Step::Enter(rows) => rows.into_iter().for_each(|row| self.known.enter(row)),
            Step::SetFloor(floor) => self.known.floor = floor,
            Step::Publish(poll, beat) => {
                self.known.beats.record(beat, poll.sent);
                self.known.horizon = poll.horizon.max(self.known.horizon);
                self.steps.push_front(Doing::Sent(poll.sent));
                for row in std::mem::take(&mut self.seen_next) {
                    self.seen.insert(row.key, (row.version, row.xid));
                }
            }
            Step::Forget(rows) => {
                for row in rows {
                    self.known.recent.remove(&row.key);
                }
            }
        }
    }

    /// Whatever epoch the next answer shows is a new one.
    pub fn forget_epoch(&mut self, limit: usize) {
        self.tracker = Tracker::new(limit);
    }

    /// Another state takes the place of what is known. Whoever reads has the old one in hand.
    fn show(&mut self, known: Known) {
        self.newest = known.epoch.max(self.newest);
        let replaced = std::mem::replace(&mut self.known, known);
        if let Some(reading) = &mut self.reading {
            reading.replaced.get_or_insert(replaced);
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
            self.steps.push_back(Doing::Take(step));
            if without == Some(Guard::RecordsOnlyDisprove) {
                let poll = Published { sent: now, horizon: Xid(row.xid.0 + 1) };
                self.steps.push_back(Doing::Take(Step::Publish(poll, Beat(0))));
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
        if let Some(published) = self.known.published()
            && let Some(entry) = self.kept.get_mut(&key)
            && judge_without(entry, &self.known, without) == Verdict::Current
        {
            entry.horizon = entry.horizon.max(published.horizon);
        }
    }

    /// Someone begins to read.
    pub fn begin_reading(&mut self, key: EntityKey) {
        if let Some(entry) = self.kept.get(&key) {
            let (entry, taken) = (entry.clone(), Known::new(self.known.epoch));
            self.reading = Some(Reading { key, entry, replaced: None, taken, count: 0 });
        }
    }

    /// Whoever reads takes the next thing, and concludes when that was the last.
    pub fn read_on(&mut self, without: Option<Guard>) {
        let Some(mut reading) = self.reading.take() else { return };
        reading.take(&self.known, without);
        if reading.count < Takes::in_order(without).len() {
            self.reading = Some(reading);
        } else {
            self.conclude(reading, without);
        }
    }

    fn conclude(&mut self, reading: Reading, without: Option<Guard>) {
        let Reading { key, entry, taken, .. } = reading;
        let Some(published) = taken.published() else { return };
        if judge_without(&entry, &taken, without) != Verdict::Current {
            return;
        }
        let mut noted = entry;
        if let Some(kept) = self.kept.get_mut(&key)
            && (*kept == noted || without == Some(Guard::JudgedEntry))
        {
            noted.clone_from(kept);
            kept.horizon = kept.horizon.max(published.horizon);
        }
        self.claim = Some((noted, published.sent));
    }

    /// As of when the list is proven.
    pub fn dates_list(&self, without: Option<Guard>) -> Option<(&Entry, Moment)> {
        let list = self.list.as_ref()?;
        let nearer = u64::from(without == Some(Guard::TwoBeats));
        let any = without == Some(Guard::ListEpoch);
        let epoch = if any { self.known.epoch } else { list.entry.epoch };
        let moment = self.known.date(epoch, Beat(list.beat.0 + nearer))?;
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
