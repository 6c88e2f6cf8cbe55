//! What happens when something does.

use catalog_core::freshness::{AcknowledgedWrite, Part, Pod as _, Row, Unseen, Version, Xid};

use crate::{
    entry::Entry,
    guards::Guard,
    primary::{Change, Record, Transaction},
    scope::Scope,
    session::Request,
    truth::Write,
    world::{Action, FOREIGN, Heard, Source, World, thing},
};

impl World {
    /// Lets it happen.
    pub fn happen(&mut self, action: &Action, scope: &Scope, without: Option<Guard>) {
        match *action {
            Action::Begin => {
                self.primary.begin();
                self.transactions += 1;
            }
            Action::Write { xid, thing, deletes } => self.write(xid, thing, deletes, without),
            Action::Log { xid } => self.log(xid),
            Action::End { xid } => self.end(xid),
            Action::Abort { xid } => self.abort(xid),
            Action::LogBeat => self.log_beat(),
            Action::EndBeat => self.end_beat(),
            Action::Crash { kept } => self.crash(kept),
            Action::BeginEpoch => self.primary.begin_epoch(without != Some(Guard::ForeignXids)),
            Action::LoadDump { thing: number } => self.load_dump(number),
            Action::Fill { pod, source } => {
                let mut fill = self.view(source).fill(scope.limit, without);
                if without == Some(Guard::FillEpoch) {
                    fill.epoch = self.primary.view().epoch;
                }
                self.pods[pod].fill(fill, scope.limit, without);
            }
            Action::Send { pod } if scope.slow_polls => {
                let now = self.truth.now();
                self.pods[pod].send(now, without);
            }
            Action::Send { pod } if scope.slow_pollers => self.ask(pod, without),
            Action::Send { pod } => self.poll(pod, without),
            Action::PollOld { pod } => self.poll_old(pod, scope, without),
            Action::Answer { pod } => self.pods[pod].answer(&self.primary, without),
            Action::Receive { pod } => {
                let now = self.truth.now();
                self.pods[pod].receive(now, without);
                self.pods[pod].finish_steps();
            }
            Action::Step { pod } => self.pods[pod].step(),
            Action::Hear { pod, record } => self.hear(pod, record, without),
            Action::Load { pod, thing: number, source } => self.load(pod, number, source, scope),
            Action::LoadDocument { pod, thing: number, source } => {
                let document = self.view(source).shown(thing(number)).write;
                if let Some(loaded) = self.pods[pod].loaded.get_mut(&thing(number)) {
                    loaded.shown[0].write = document;
                }
            }
            Action::Take { pod, thing: number } => {
                let pod = &mut self.pods[pod];
                if let Some(loaded) = pod.loaded.remove(&thing(number)) {
                    pod.kept.insert(thing(number), loaded);
                }
            }
            Action::Assemble { pod } => self.assemble(pod, without),
            Action::Read { pod, thing: number } => self.pods[pod].read(thing(number), without),
            Action::BeginReading { pod, thing: number } => {
                self.pods[pod].begin_reading(thing(number));
            }
            Action::ReadOn { pod, .. } => self.pods[pod].read_on(without),
            Action::LoadList { pod, source } => {
                let keys: Vec<_> = (0..scope.things).map(thing).collect();
                self.loads += 1;
                let view = self.view(source);
                self.pods[pod].keep_list(&view, &keys);
            }
            Action::Fetch { pod, thing: number } => self.fetch(pod, number, without),
            Action::FillRedis { pod, thing: number } => {
                if let Some(loaded) = self.pods[pod].loaded.get(&thing(number)) {
                    self.redis.fill(thing(number), loaded, pod, without);
                }
            }
            Action::Invalidate { record } => {
                self.redis.invalidate(record.key, (record.epoch, record.version), without);
            }
            Action::EndLease { thing: number } => {
                self.redis.slots.entry(thing(number)).or_default().lease = None;
            }
            Action::EndOwn { xid } => self.end_own(xid, scope, without),
            Action::Request { pod, thing: number } => {
                self.session.requests += 1;
                let arrived = self.truth.now();
                self.session.request = Some(Request { pod, key: thing(number), arrived });
            }
            Action::Reply => self.reply(scope, without),
            Action::Save => self.redis.saved = Some(self.redis.slots.clone()),
            Action::RollBack => {
                self.redis_losses += 1;
                self.redis.roll_back();
            }
            Action::Flush => {
                self.redis_losses += 1;
                self.redis.flush();
            }
        }
    }

    fn write(&mut self, xid: Xid, number: u128, deletes: bool, without: Option<Guard>) {
        self.writes += 1;
        let (key, write) = (thing(number), Write { number: self.writes, deletes });
        // Whoever has the lock sees what the last one committed.
        let version = Version(self.primary.view().shown(key).version.0 + 1);
        let change = match without {
            Some(Guard::Trigger) if version > Version(1) => Change::Untold(key, write),
            Some(Guard::VersionsStay) if deletes => Change::Removed(key, write),
            _ => Change::Thing { key, version, write },
        };
        if let Some(open) = self.primary.open.get_mut(&xid) {
            open.changes.push(change);
        }
    }

    fn log(&mut self, xid: Xid) {
        if let Some(open) = self.primary.open.get_mut(&xid).filter(|open| !open.logged) {
            open.logged = true;
            self.primary.log.push(Record { xid, changes: open.changes.clone() });
        }
    }

    fn end(&mut self, xid: Xid) {
        self.log(xid);
        let ended = self.primary.open.remove(&xid);
        let changes = ended.iter().flat_map(|ended| &ended.changes);
        for (key, write) in changes.filter_map(Change::write) {
            self.truth.acknowledge(key, write);
        }
    }

    fn abort(&mut self, xid: Xid) {
        self.primary.open.remove(&xid);
        self.primary.log.push(Record { xid, changes: Vec::new() });
    }

    fn end_own(&mut self, xid: Xid, scope: &Scope, without: Option<Guard>) {
        let view = self.primary.view();
        let unseen = match without {
            Some(Guard::TokenWriteUnseen) => Unseen::NOTHING,
            _ => view.snapshot.unseen(),
        };
        let open = self.primary.open.get(&xid);
        let (parts, numbers): (Vec<_>, Vec<_>) = open
            .iter()
            .flat_map(|open| &open.changes)
            .filter_map(|change| match *change {
                Change::Thing { key, version, write } => {
                    Some((Part { key, version, xid }, write.number))
                }
                _ => None,
            })
            .unzip();
        self.end(xid);
        let write = AcknowledgedWrite { epoch: view.epoch, xid, parts: &parts, unseen: &unseen };
        self.session.wrote(&write, &numbers, scope);
    }

    fn reply(&mut self, scope: &Scope, without: Option<Guard>) {
        let Some(request) = self.session.request else { return };
        let pod = &self.pods[request.pod];
        if let Some(entry) = pod.kept.get(&request.key)
            && let Some(admission) = self.session.admits(entry, pod, without)
        {
            self.session.answered(entry, admission, pod.unseen(), scope, without);
        }
    }

    fn log_beat(&mut self) {
        let change = Change::Beat(self.primary.next_beat());
        let xid = self.primary.begin();
        let beat = Transaction { changes: vec![change], logged: true };
        self.primary.log.push(Record { xid, changes: beat.changes.clone() });
        self.primary.open.insert(xid, beat);
    }

    fn end_beat(&mut self) {
        self.primary.open.retain(|_, open| !open.is_beat());
    }

    fn crash(&mut self, kept: usize) {
        self.crashes += 1;
        let open: Vec<_> = self.primary.open.keys().copied().collect();
        let lost = self.primary.crash(kept);
        self.truth.lose(lost);
        // What was in the log and is kept is visible now, whether or not the primary had shown it.
        let ended = self.primary.log.iter().filter(|record| open.contains(&record.xid));
        for (key, write) in ended.flat_map(|record| &record.changes).filter_map(Change::write) {
            self.truth.acknowledge(key, write);
        }
        for pod in &mut self.pods {
            // Its connection went with the primary.
            if pod.asks() {
                pod.poll = None;
            }
        }
    }

    fn load_dump(&mut self, number: u128) {
        self.writes += 1;
        let write = Write { number: self.writes, deletes: false };
        let xid = self.primary.begin();
        if let Some(open) = self.primary.open.get_mut(&xid) {
            open.changes.push(Change::Restored(thing(number), FOREIGN, write));
        }
        self.end(xid);
    }

    fn poll_old(&mut self, pod: usize, scope: &Scope, without: Option<Guard>) {
        let (now, old) = (self.truth.now(), self.primary.before_promotion());
        let pod = &mut self.pods[pod];
        if without == Some(Guard::GreaterEpoch) && pod.known.epoch() > old.view().epoch {
            pod.forget_epoch(scope.limit);
        }
        pod.send(now, without);
        pod.answer(&old, without);
        pod.receive(now, without);
        pod.finish_steps();
    }

    fn hear(&mut self, pod: usize, record: Heard, without: Option<Guard>) {
        let Heard { epoch, key, version, xid } = record;
        let now = self.truth.now();
        self.pods[pod].hear(epoch, Row { key, version, xid }, now, without);
        self.pods[pod].finish_steps();
    }

    fn load(&mut self, pod: usize, number: u128, source: Source, scope: &Scope) {
        self.loads += 1;
        let entry = self.view(source).entry(&[thing(number)]);
        let pod = &mut self.pods[pod];
        let into = if scope.slow_loads { &mut pod.loaded } else { &mut pod.kept };
        into.insert(thing(number), entry);
    }

    fn assemble(&mut self, pod: usize, without: Option<Guard>) {
        let kept = &mut self.pods[pod].kept;
        if let (Some(first), Some(second)) = (kept.get(&thing(0)), kept.get(&thing(1))) {
            let (one, other) = (first.horizon, second.horizon);
            let least = without != Some(Guard::LeastHorizon);
            let horizon = if least { one.min(other) } else { one.max(other) };
            let shown = [first.shown.clone(), second.shown.clone()].concat();
            kept.insert(thing(0), Entry { epoch: first.epoch, horizon, shown });
        }
    }

    fn fetch(&mut self, pod: usize, number: u128, without: Option<Guard>) {
        let known = &self.pods[pod].known;
        let recent = known.recent(&thing(number)).unwrap_or(Version(0));
        let wanted = (known.epoch(), recent);
        if let Some(body) = self.redis.fetch(thing(number), wanted, pod, without) {
            self.pods[pod].loaded.insert(thing(number), body);
        }
    }

    /// Whether all is well again once everything that is under way has ended, each pod has polled, and
    /// each thing has been loaded.
    pub fn settles(&self, scope: &Scope, without: Option<Guard>) -> bool {
        let mut world = self.clone();
        let open: Vec<_> = world.primary.open.keys().copied().collect();
        world.end_beat();
        for xid in open {
            world.end(xid);
        }
        if world.primary.needs_epoch() {
            world.primary.begin_epoch(without != Some(Guard::ForeignXids));
        }
        let view = world.primary.view();
        (0..scope.pods).all(|pod| {
            let now = world.truth.now();
            world.pods[pod].receive(now, without);
            world.pods[pod].finish_steps();
            // One may show a new epoch; the next is the first of it.
            (0..2).for_each(|_| world.poll(pod, without));
            (0..scope.things).all(|number| {
                let proven = world.pods[pod].proves(&view.entry(&[thing(number)]), without);
                proven == Some(world.truth.now())
            })
        })
    }
}
