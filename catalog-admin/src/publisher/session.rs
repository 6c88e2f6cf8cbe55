//! One holding of the slot: from the log to Kafka, and Kafka's acknowledgements back to the slot.

use std::{convert::Infallible, sync::Arc, time::Duration};

use catalog_core::{
    contract::change::{ResyncReason, ResyncRecord, TOPIC},
    freshness::Epoch,
};
use deadpool_postgres::Pool;
use futures::FutureExt as _;
use jiff::Timestamp;
use metrics::{counter, gauge, histogram};
use service_kit::telemetry::{FollowedSpan, SpanKind, Traceparent};
use tokio::{
    task::JoinSet,
    time::{Instant, interval},
};
use uuid::Uuid;

use super::{
    change::Change,
    error::PublishError,
    feed::Feed,
    ledger::{Ledger, Settled},
    metrics::{DELAY, IN_FLIGHT, LAG_SECONDS, PUBLISHED, SLOT_HELD},
    reader::{Part, Reader, Step},
    resync::Resync,
    stream::{SILENCE, Stream},
};

/// How many records may wait for Kafka before the log is read on; the server waits meanwhile.
const IN_FLIGHT_LIMIT: usize = 10_000;
/// So many changes at a time of one traced transaction are traced further: a trace of an import with
/// thousands would be of no use to anybody.
const TRACED: usize = 16;
const TICK: Duration = Duration::from_secs(1);

/// Which slot, since which of its makings.
#[derive(Debug, Clone)]
pub(super) struct Holding {
    pub(super) slot: String,
    pub(super) generation: Uuid,
}

/// What a session works with.
pub(super) struct Session {
    pool: Pool,
    holding: Holding,
    feed: Arc<Feed>,
    stream: Stream,
    /// Of the records that are being published.
    epoch: Epoch,
    reader: Reader,
    ledger: Ledger<PublishError>,
    /// At most one task, which is given up with the session.
    resync: JoinSet<Result<(), PublishError>>,
    heard: Instant,
    _held: Held,
}

impl Session {
    /// A session on a stream that has just been opened in `epoch`.
    pub(super) fn new(
        pool: Pool,
        holding: Holding,
        feed: Feed,
        (stream, epoch): (Stream, Epoch),
    ) -> Self {
        Self {
            pool,
            holding,
            feed: Arc::new(feed),
            stream,
            epoch,
            reader: Reader::default(),
            ledger: Ledger::new(),
            resync: JoinSet::new(),
            heard: Instant::now(),
            _held: Held::new(),
        }
    }

    /// Begins to publish every row again, if that is owed; a new reason replaces an older one.
    pub(super) fn resync(&mut self, reason: Option<ResyncReason>) {
        let Some(reason) = reason else { return };
        let resync = Resync {
            pool: self.pool.clone(),
            feed: Arc::clone(&self.feed),
            holding: self.holding.clone(),
            record: ResyncRecord { epoch: self.epoch, reason },
        };
        self.resync = JoinSet::new();
        self.resync.spawn(resync.run());
    }

    /// Publishes until something fails.
    pub(super) async fn run(mut self) -> Result<Infallible, PublishError> {
        let mut tick = interval(TICK);
        loop {
            let has_room = self.ledger.len() < IN_FLIGHT_LIMIT;
            tokio::select! {
                biased;
                _ = tick.tick() => self.look_around(has_room)?,
                Some(done) = self.resync.join_next() => done??,
                Some(settled) = self.ledger.next() => self.settle(settled?),
                event = self.stream.next(), if has_room => {
                    self.heard = Instant::now();
                    let step = self.reader.read(event?)?;
                    self.do_step(step)?;
                }
            }
        }
    }

    fn look_around(&mut self, has_room: bool) -> Result<(), PublishError> {
        let waiting = self.ledger.oldest().map_or(0.0, age);
        gauge!(LAG_SECONDS).set(waiting);
        gauge!(IN_FLIGHT).set(f64::from(u32::try_from(self.ledger.len()).unwrap_or(u32::MAX)));
        if !has_room {
            // We do not listen while Kafka is behind; the client answers the server for us.
            self.heard = Instant::now();
        }
        if self.heard.elapsed() > SILENCE { Err(PublishError::Silent) } else { Ok(()) }
    }

    fn settle(&mut self, settled: Settled) {
        match settled {
            Settled::Record => counter!(PUBLISHED).increment(1),
            Settled::Commit(commit) => {
                histogram!(DELAY).record(age(commit.at));
                self.stream.confirm(commit.end);
            }
        }
    }

    fn do_step(&mut self, step: Step) -> Result<(), PublishError> {
        match step {
            Step::Publish(part) => self.publish(&part)?,
            Step::End(part, commit) => {
                self.publish(&part)?;
                self.ledger.commit(commit);
            }
            Step::Epoch(epoch) if epoch > self.epoch => {
                self.epoch = epoch;
                self.resync(Some(ResyncReason::NewEpoch));
            }
            // Once all before it has been acknowledged, the server need not keep the log up to it;
            // or other writes would make the slot fall behind while nothing changes.
            Step::Position(end) if self.ledger.is_empty() => self.stream.confirm(end),
            Step::Pass | Step::Epoch(_) | Step::Position(_) => {}
        }
        Ok(())
    }

    fn publish(&mut self, part: &Part) -> Result<(), PublishError> {
        for (number, change) in part.changes.iter().enumerate() {
            let parent = part.traceparent.as_ref();
            let (span, here) = match parent {
                Some(parent) if number < TRACED => {
                    let span = span(parent, change);
                    // Where nothing records spans, others may: the place is handed on as it is.
                    let here =
                        span.as_ref().map_or_else(|| parent.clone(), FollowedSpan::traceparent);
                    (span, Some(here))
                }
                parent => (None, parent.map(Traceparent::unsampled)),
            };
            let delivery = self.feed.publish(self.epoch, change, here.as_ref())?;
            self.ledger.record(delivery.acknowledged().inspect(|_| drop(span)));
        }
        Ok(())
    }
}

/// From here to Kafka's acknowledgement.
fn span(parent: &Traceparent, change: &Change) -> Option<FollowedSpan> {
    let mut span = FollowedSpan::begin(parent, "publish change", SpanKind::Producer)?;
    span.set("messaging.system", "kafka");
    span.set("messaging.destination.name", TOPIC);
    span.set("vitrina.entity", change.entity.to_string());
    span.set("vitrina.version", change.version.to_string());
    Some(span)
}

/// Shows in the metrics that the slot is ours, as long as it lives.
struct Held;

impl Held {
    fn new() -> Self {
        gauge!(SLOT_HELD).set(1);
        Self
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        gauge!(SLOT_HELD).set(0);
        gauge!(LAG_SECONDS).set(0);
        gauge!(IN_FLIGHT).set(0);
    }
}

/// In seconds, for people to look at: two clocks are compared.
fn age(at: Timestamp) -> f64 {
    Timestamp::now().duration_since(at).as_secs_f64().max(0.0)
}
