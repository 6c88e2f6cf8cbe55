//! One holding of the slot: from the log to Kafka, and Kafka's acknowledgements back to the slot.

use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use catalog_core::{
    contract::change::{EPOCH_MESSAGE, ResyncReason, ResyncRecord, TRACEPARENT_MESSAGE},
    freshness::Epoch,
};
use deadpool_postgres::Pool;
use jiff::Timestamp;
use metrics::{counter, gauge, histogram};
use pgwire_replication::{Lsn, ReplicationEvent};
use service_kit::http::Traceparent;
use tokio::{
    task::JoinSet,
    time::{Instant, interval},
};

use super::{
    change::Change,
    decoder::Decoder,
    error::PublishError,
    feed::Feed,
    ledger::{Commit, Ledger, Settled},
    metrics::{DELAY, IN_FLIGHT, LAG_SECONDS, PUBLISHED, SLOT_HELD},
    pgoutput::Malformed,
    resync::Resync,
    stream::{SILENCE, Stream},
    transaction::Transaction,
};

/// How many records may wait for Kafka before the log is read on; the server waits meanwhile.
const IN_FLIGHT_LIMIT: usize = 10_000;
const TICK: Duration = Duration::from_secs(1);

/// What a session works with.
pub(super) struct Session {
    pool: Pool,
    slot: String,
    feed: Arc<Feed>,
    stream: Stream,
    /// Of the records that are being published.
    epoch: Epoch,
    decoder: Decoder,
    transaction: Option<Transaction>,
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
        slot: String,
        feed: Feed,
        (stream, epoch): (Stream, Epoch),
    ) -> Self {
        Self {
            pool,
            slot,
            feed: Arc::new(feed),
            stream,
            epoch,
            decoder: Decoder::default(),
            transaction: None,
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
            slot: self.slot.clone(),
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
                    self.read(event?)?;
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

    fn read(&mut self, event: ReplicationEvent) -> Result<(), PublishError> {
        match event {
            ReplicationEvent::Begin { commit_time_micros, .. } => {
                self.transaction = Some(Transaction::new(time(commit_time_micros)));
                Ok(())
            }
            ReplicationEvent::XLogData { data, .. } => self.take(&data),
            ReplicationEvent::Message { transactional: true, prefix, content, .. } => {
                self.take_message(&prefix, &content);
                Ok(())
            }
            ReplicationEvent::Commit { end_lsn, .. } => self.commit(end_lsn),
            ReplicationEvent::KeepAlive { wal_end, .. } => {
                self.take_position(wal_end);
                Ok(())
            }
            ReplicationEvent::Message { .. } => Ok(()),
            ReplicationEvent::StoppedAt { .. } => Err(PublishError::Ended),
        }
    }

    fn take(&mut self, data: &Bytes) -> Result<(), PublishError> {
        let Some(change) = self.decoder.read(data)? else { return Ok(()) };
        let ready = self.open_transaction()?.take(change);
        self.publish(&ready)
    }

    fn take_message(&mut self, prefix: &str, content: &Bytes) {
        let text = str::from_utf8(content).unwrap_or_default();
        if prefix == TRACEPARENT_MESSAGE {
            if let Some(transaction) = &mut self.transaction {
                transaction.traceparent = Traceparent::parse(text);
            }
        } else if prefix == EPOCH_MESSAGE
            && let Ok(epoch) = text.parse::<Epoch>()
            && epoch > self.epoch
        {
            self.epoch = epoch;
            self.resync(Some(ResyncReason::NewEpoch));
        }
    }

    fn commit(&mut self, end: Lsn) -> Result<(), PublishError> {
        let rest = self.open_transaction()?.rest();
        self.publish(&rest)?;
        if let Some(transaction) = self.transaction.take() {
            self.ledger.commit(Commit { end, at: transaction.committed_at });
        }
        Ok(())
    }

    /// The log has nothing for us up to `end`. Once all before it has been acknowledged, the server
    /// need not keep it; or other writes would make the slot fall behind while nothing changes.
    fn take_position(&self, end: Lsn) {
        if self.transaction.is_none() && self.ledger.is_empty() {
            self.stream.confirm(end);
        }
    }

    fn publish(&mut self, changes: &[Change]) -> Result<(), PublishError> {
        let traceparent = self.transaction.as_ref().and_then(|open| open.traceparent.as_ref());
        for change in changes {
            let delivery = self.feed.publish(self.epoch, change, traceparent)?;
            self.ledger.record(delivery.acknowledged());
        }
        Ok(())
    }

    fn open_transaction(&mut self) -> Result<&mut Transaction, PublishError> {
        self.transaction.as_mut().ok_or(Malformed("it is in no transaction").into())
    }
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

/// The log counts microseconds since 2000-01-01.
fn time(micros: i64) -> Timestamp {
    const YEAR_2000: i64 = 946_684_800_000_000;
    Timestamp::from_microsecond(micros.saturating_add(YEAR_2000)).unwrap_or(Timestamp::MAX)
}

/// In seconds, for people to look at: two clocks are compared.
fn age(at: Timestamp) -> f64 {
    Timestamp::now().duration_since(at).as_secs_f64().max(0.0)
}
