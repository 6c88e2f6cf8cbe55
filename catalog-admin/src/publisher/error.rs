//! Why a session of the publisher ended, or could not begin.

use deadpool_postgres::PoolError;
use pgwire_replication::PgWireError;
use rdkafka::error::KafkaError;
use tokio::{task::JoinError, time::error::Elapsed};

use super::{change::UnreadableRow, pgoutput::Malformed};

/// What all of it can fail with. Each is tried again.
#[derive(Debug, thiserror::Error)]
pub(super) enum PublishError {
    #[error("another publisher holds the slot")]
    Held,
    #[error("no epoch has begun yet")]
    NoEpoch,
    #[error("an epoch above the feed's cannot be begun: {0:#}")]
    Lower(anyhow::Error),
    #[error("another publisher has made the slot anew")]
    Overtaken,
    #[error("the primary's address names no server")]
    NoServer,
    #[error("the server is a standby")]
    Standby,
    #[error(
        "the slot decodes another database, or not with pgoutput: drop it, or set another name"
    )]
    ForeignSlot,
    #[error("the log cannot be read: {0}")]
    Log(#[from] PgWireError),
    #[error("the primary ended the stream")]
    Ended,
    #[error("the primary has been silent for too long")]
    Silent,
    #[error("{0}")]
    Malformed(#[from] Malformed),
    #[error("{0}")]
    Unreadable(#[from] UnreadableRow),
    #[error("Kafka does not take records: {0}")]
    Kafka(#[from] KafkaError),
    #[error("the topic {0} has no partitions yet")]
    NoTopic(String),
    #[error("Kafka's client ended before it acknowledged")]
    Unacknowledged,
    #[error("no connection to the primary: {0}")]
    Pool(#[from] PoolError),
    #[error("the primary refused: {0}")]
    Database(#[from] tokio_postgres::Error),
    #[error("no answer in time")]
    TimedOut(#[from] Elapsed),
    #[error("a task of the publisher ended: {0}")]
    Task(#[from] JoinError),
}
