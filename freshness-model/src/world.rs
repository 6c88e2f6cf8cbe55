//! Everything at one moment, and what can happen next.

use std::fmt;

use catalog_core::{
    freshness::{Epoch, Version, Xid},
    key::EntityKey,
};
use uuid::Uuid;

use crate::{
    guards::Guard,
    pod::{Pod, Takes},
    primary::{Change, Primary, View},
    redis::Redis,
    scope::Scope,
    session::Session,
    truth::{Truth, Write},
};

/// Where a load reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// On the primary.
    Primary,
    /// On a replica that has replayed so many records.
    Replica(usize),
    /// On a replica of the primary before its crash.
    Abandoned,
}

/// What can happen. `pod` and `thing` are numbers, `replayed` and `kept` are counts of log records.
#[expect(missing_docs, reason = "the fields' names say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Action {
    /// A transaction begins and is given its id.
    Begin,
    /// It writes a thing, whose lock nobody else holds.
    Write { xid: Xid, thing: u128, deletes: bool },
    /// Its commit is in the log.
    Log { xid: Xid },
    /// It is rolled back.
    Abort { xid: Xid },
    /// It has ended, for whoever asks the primary.
    End { xid: Xid },
    /// An admin pod counts a beat: in the log first.
    LogBeat,
    /// The beat is visible on the primary.
    EndBeat,
    /// The primary crashes, or a replica takes its place, that has so many records.
    Crash { kept: usize },
    /// An admin pod finds no incarnation row and begins an epoch.
    BeginEpoch,
    /// A dump of another cluster is loaded past the triggers.
    LoadDump { thing: u128 },
    /// A pod that starts takes the newest rows of a replica.
    Fill { pod: usize, source: Source },
    /// A poll goes to the primary that was.
    PollOld { pod: usize },
    /// A pod sends a poll.
    Send { pod: usize },
    /// The primary answers it.
    Answer { pod: usize },
    /// The answer arrives.
    Receive { pod: usize },
    /// The poller does the next thing to what readers see.
    Step { pod: usize },
    /// A pod hears a record that is or was in the log.
    Hear { pod: usize, record: Heard },
    /// A load reads.
    Load { pod: usize, thing: u128, source: Source },
    /// Only the document is read again, later than the rest.
    LoadDocument { pod: usize, thing: u128, source: Source },
    /// A pod takes the load in.
    Take { pod: usize, thing: u128 },
    /// A pod puts an entry together of the first thing and the second.
    Assemble { pod: usize },
    /// A pod reads an entry, and proves it if it can.
    Read { pod: usize, thing: u128 },
    /// Someone begins to read: has the entry and the state in hand.
    BeginReading { pod: usize, thing: u128 },
    /// Takes the next thing of the state, and concludes after the last.
    ReadOn { pod: usize, takes: Takes },
    /// A pod loads the list from a replica.
    LoadList { pod: usize, source: Source },
    /// A pod asks Redis for a body or the lease.
    Fetch { pod: usize, thing: u128 },
    /// A pod fills in what it loaded.
    FillRedis { pod: usize, thing: u128 },
    /// The invalidator takes in a record.
    Invalidate { record: Heard },
    /// A lease has lived out its life.
    EndLease { thing: u128 },
    /// It has ended, and it was the caller's own.
    EndOwn { xid: Xid },
    /// A request of the caller arrives at a pod.
    Request { pod: usize, thing: u128 },
    /// The pod answers it from memory.
    Reply,
    /// Redis is written to disk.
    Save,
    /// Redis goes back to what was saved.
    RollBack,
    /// Redis forgets everything.
    Flush,
}

/// A record of the topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Heard {
    /// Under which the publisher published it.
    pub epoch: Epoch,
    /// What it tells.
    pub key: EntityKey,
    /// What it tells.
    pub version: Version,
    /// What it tells.
    pub xid: Xid,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Primary => f.write_str("the primary"),
            Self::Replica(replayed) => write!(f, "a replica with {replayed} records"),
            Self::Abandoned => f.write_str("a replica of the primary that was"),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begin => f.write_str("a transaction begins"),
            Self::Write { xid, thing, deletes: false } => write!(f, "{xid} writes thing {thing}"),
            Self::Write { xid, thing, deletes: true } => write!(f, "{xid} deletes thing {thing}"),
            Self::Log { xid } => write!(f, "{xid} is in the log"),
            Self::End { xid } => write!(f, "{xid} ends"),
            Self::Abort { xid } => write!(f, "{xid} is rolled back"),
            Self::LogBeat => f.write_str("a beat is in the log"),
            Self::EndBeat => f.write_str("the beat ends"),
            Self::Crash { kept } => write!(f, "the primary crashes and keeps {kept} records"),
            Self::BeginEpoch => f.write_str("an epoch begins"),
            Self::LoadDump { thing } => {
                write!(f, "a dump with thing {thing} is loaded past the triggers")
            }
            Self::Fill { pod, source } => write!(f, "pod {pod} fills from {source}"),
            Self::PollOld { pod } => write!(f, "pod {pod} polls the primary that was"),
            Self::Send { pod } => write!(f, "pod {pod} polls"),
            Self::Answer { pod } => write!(f, "the primary answers pod {pod}"),
            Self::Receive { pod } => write!(f, "the answer reaches pod {pod}"),
            Self::Step { pod } => write!(f, "pod {pod} takes a step of it"),
            Self::Hear { pod, record } => {
                write!(f, "pod {pod} hears of version {} of epoch {}", record.version, record.epoch)
            }
            Self::Load { pod, thing, source } => {
                write!(f, "pod {pod} loads thing {thing} from {source}")
            }
            Self::LoadDocument { source, .. } => write!(f, "its document comes from {source}"),
            Self::Take { pod, thing } => write!(f, "pod {pod} takes thing {thing} in"),
            Self::Assemble { pod } => write!(f, "pod {pod} puts both together"),
            Self::Read { pod, thing } => write!(f, "pod {pod} proves thing {thing}"),
            Self::BeginReading { thing, .. } => write!(f, "a reader of thing {thing} begins"),
            Self::ReadOn { takes: Takes::Sent, .. } => f.write_str("it takes the sent time"),
            Self::ReadOn { takes: Takes::Horizon, .. } => f.write_str("it takes the horizon"),
            Self::ReadOn { takes: Takes::Versions, .. } => f.write_str("it looks up the versions"),
            Self::ReadOn { takes: Takes::Floor, .. } => f.write_str("it takes F"),
            Self::LoadList { pod, source } => write!(f, "pod {pod} loads the list from {source}"),
            Self::Fetch { pod, thing } => write!(f, "pod {pod} asks Redis for thing {thing}"),
            Self::FillRedis { pod, thing } => write!(f, "pod {pod} fills thing {thing} into Redis"),
            Self::Invalidate { record } => {
                write!(f, "Redis is told of version {} of epoch {}", record.version, record.epoch)
            }
            Self::EndLease { thing } => write!(f, "the lease on thing {thing} ends"),
            Self::EndOwn { xid } => write!(f, "{xid} ends, the caller's own"),
            Self::Request { pod, thing } => {
                write!(f, "the caller asks pod {pod} for thing {thing}")
            }
            Self::Reply => f.write_str("it is answered"),
            Self::Save => f.write_str("Redis is saved"),
            Self::RollBack => f.write_str("Redis goes back to that"),
            Self::Flush => f.write_str("Redis forgets everything"),
        }
    }
}

/// Everything at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    /// The primary and its log, which replicas replay.
    pub primary: Primary,
    /// Redis.
    pub redis: Redis,
    /// Every pod of catalog-query.
    pub pods: Vec<Pod>,
    /// A caller.
    pub session: Session,
    /// What has happened, by which answers are judged.
    pub truth: Truth,
    /// Transactions begun.
    pub transactions: u8,
    /// Writes begun.
    pub writes: u8,
    /// Loads begun.
    pub loads: u8,
    /// Crashes.
    pub crashes: u8,
    /// How often Redis has lost something.
    pub redis_losses: u8,
}

/// The thing with this number.
pub fn thing(number: u128) -> EntityKey {
    EntityKey::product(Uuid::from_u128(number))
}

/// An id of another cluster, above all that this one gives out.
pub(crate) const FOREIGN: Xid = Xid(40);

impl World {
    /// At the beginning: the first thing is there, and no pod has a copy.
    pub fn new(scope: &Scope, without: Option<Guard>) -> Self {
        let first = Write { number: 0, deletes: false };
        let change = if scope.restored {
            Change::Restored(thing(0), FOREIGN, first)
        } else {
            Change::Thing { key: thing(0), version: Version(1), write: first }
        };
        let mut primary = Primary::new(change);
        // It is a row of memory, which no backup has.
        primary.incarnation.take_if(|_| scope.restored);
        let mut truth = Truth::default();
        truth.acknowledge(thing(0), first);
        let pods = (0..scope.pods).map(|_| Pod::new(scope.limit)).collect();
        let mut world = Self {
            primary,
            redis: Redis::default(),
            pods,
            session: Session::default(),
            truth,
            transactions: 0,
            writes: 0,
            loads: 0,
            crashes: 0,
            redis_losses: 0,
        };
        // A pod without a fill learns the epoch first, and nothing else can happen to it before.
        if !scope.fills {
            for pod in 0..scope.pods {
                world.poll(pod, without);
                world.pods[pod].polls = 0;
            }
        }
        world
    }

    /// What a load sees there.
    pub fn view(&self, source: Source) -> View {
        match source {
            Source::Primary => self.primary.view(),
            Source::Replica(replayed) => self.primary.replica(replayed),
            Source::Abandoned => self.primary.abandoned_replica(),
        }
    }

    /// A whole poll in one go.
    pub fn poll(&mut self, pod: usize, without: Option<Guard>) {
        self.ask(pod, without);
        self.pods[pod].finish_steps();
    }

    /// A poll whose steps are still to be done.
    pub fn ask(&mut self, pod: usize, without: Option<Guard>) {
        let now = self.truth.now();
        let pod = &mut self.pods[pod];
        pod.send(now, without);
        pod.answer(&self.primary, without);
        pod.receive(now, without);
    }
}
