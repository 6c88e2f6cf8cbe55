//! Follows the topic of changes, so that an edit shows within milliseconds instead of at the next
//! poll. Nothing is proven by it.

use std::{cell::RefCell, time::Duration};

use catalog_core::contract::change::{ChangeRecord, RESYNC_KEY, TOPIC, header};
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{Consumer as _, StreamConsumer},
    error::{KafkaError, KafkaResult},
    message::{BorrowedMessage, Headers as _},
};
use service_kit::{backoff::Backoff, settings::KafkaSettings, telemetry::Traceparent};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::{change_traces::ChangeTraces, metrics::FollowMetrics};

use super::tracker::Tracker;

const METADATA_LIMIT: Duration = Duration::from_secs(5);
/// How soon a partition that was added is followed.
const REASSIGN: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// After so many records in a row the poller gets its turn.
const TURN: usize = 128;

/// Follows every partition from its end, in no group: each pod hears all of it.
pub(super) struct Follower<'a> {
    pub(super) tracker: &'a RefCell<Tracker>,
    pub(super) kafka: &'a KafkaSettings,
    pub(super) traces: &'a ChangeTraces,
    pub(super) metrics: FollowMetrics,
}

impl Follower<'_> {
    /// Follows until told to stop. Without Kafka it only tries again.
    pub(super) async fn run(&self, stop: &CancellationToken) {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        while let Some(Err(error)) = stop.run_until_cancelled(self.follow(&mut backoff)).await {
            self.metrics.failed();
            tracing::debug!(error.message = %error, "cannot follow the topic of changes");
            if !backoff.pause(stop).await {
                return;
            }
        }
    }

    async fn follow(&self, backoff: &mut Backoff) -> KafkaResult<()> {
        let topic = self.kafka.topic(TOPIC);
        let consumer = std::sync::Arc::new(consumer(self.kafka)?);
        let mut followed = 0;
        loop {
            let partitions = partitions(&consumer, &topic).await?;
            if partitions != followed {
                consumer.assign(&from_the_end(&topic, partitions)?)?;
                tracing::info!(kafka.topic = topic, kafka.partitions = partitions, "following");
                followed = partitions;
            }
            backoff.reset();
            self.listen(&consumer, Instant::now() + REASSIGN).await;
        }
    }

    async fn listen(&self, consumer: &StreamConsumer, until: Instant) {
        let mut in_a_row = 0;
        while let Ok(received) = timeout_at(until, consumer.recv()).await {
            match received {
                Ok(message) => self.hear(&message),
                // The client reconnects by itself.
                Err(_) => self.metrics.failed(),
            }
            in_a_row += 1;
            if in_a_row % TURN == 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    fn hear(&self, message: &BorrowedMessage<'_>) {
        if message.key() == Some(RESYNC_KEY.as_bytes()) {
            return;
        }
        let record = message.payload().map(serde_json::from_slice::<ChangeRecord>);
        match record {
            Some(Ok(record)) => {
                let news = self.tracker.borrow_mut().hear(&record);
                if let Some(parent) = traceparent(message) {
                    self.traces.heard(&record, &parent, news);
                }
                self.metrics.heard(news);
            }
            Some(Err(_)) | None => self.metrics.broken(),
        }
    }
}

fn traceparent(message: &BorrowedMessage<'_>) -> Option<Traceparent> {
    let header = message.headers()?.iter().find(|header| header.key == header::TRACEPARENT)?;
    Traceparent::parse(str::from_utf8(header.value?).ok()?)
}

fn consumer(kafka: &KafkaSettings) -> KafkaResult<StreamConsumer> {
    ClientConfig::new()
        .set("bootstrap.servers", kafka.bootstrap_servers())
        .set("client.id", "catalog-query")
        // The library wants a name; the group is never joined and nothing is committed.
        .set("group.id", "catalog-query")
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "latest")
        .set("reconnect.backoff.max.ms", "1000")
        .set("topic.metadata.refresh.interval.ms", "10000")
        // What is not heard in time shows at the next poll, so little need be held.
        .set("queued.max.messages.kbytes", "8192")
        .create()
}

/// How many partitions the topic has. The library blocks for this, so it waits on another thread.
async fn partitions(consumer: &std::sync::Arc<StreamConsumer>, topic: &str) -> KafkaResult<usize> {
    let (consumer, topic) = (std::sync::Arc::clone(consumer), topic.to_owned());
    let asked = tokio::task::spawn_blocking(move || {
        let metadata = consumer.fetch_metadata(Some(&topic), METADATA_LIMIT)?;
        Ok(metadata.topics().first().map_or(0, |topic| topic.partitions().len()))
    });
    match asked.await {
        Ok(Ok(0)) | Err(_) => Err(KafkaError::NoMessageReceived),
        Ok(counted) => counted,
    }
}

fn from_the_end(topic: &str, partitions: usize) -> KafkaResult<TopicPartitionList> {
    let mut list = TopicPartitionList::new();
    for partition in 0..i32::try_from(partitions).unwrap_or(i32::MAX) {
        list.add_partition_offset(topic, partition, Offset::End)?;
    }
    Ok(list)
}
