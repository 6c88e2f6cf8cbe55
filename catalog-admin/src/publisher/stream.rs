//! The connection that reads the log from the slot.

use std::time::Duration;

use catalog_core::freshness::Epoch;
use pgwire_replication::{
    Lsn, PgWireError, ReplicationClient, ReplicationConfig, ReplicationEvent,
};
use tokio::time::timeout;

use super::{error::PublishError, target::Target};
use crate::store::publisher_stream::primary_epoch;

const PUBLICATION: &str = "vitrina_changes";
/// How long connecting and each answer before the stream may take.
const LIMIT: Duration = Duration::from_secs(10);
/// The server lets the slot go when it has not heard of us for so long, and asks at half of it.
const SENDER_TIMEOUT: &str = "-c wal_sender_timeout=5s";
/// Twice the sender's timeout: it would have asked four times.
pub(super) const SILENCE: Duration = Duration::from_secs(10);
/// How many messages may wait for us. The client goes on answering the server while they do.
const BUFFER: usize = 1_024;
/// PostgreSQL's sign for a slot that somebody else reads from.
const OBJECT_IN_USE: &str = "55006";

/// An open stream; the slot is ours while it lives.
pub(super) struct Stream(ReplicationClient);

impl Stream {
    /// Takes the slot. Also says which epoch the server was in before: what the log tells of later
    /// ones comes with the stream.
    pub(super) async fn open(
        target: &Target,
        slot: &str,
        confirm_interval: Duration,
    ) -> Result<(Self, Epoch), PublishError> {
        let config = ReplicationConfig::new(
            &*target.host,
            &*target.user,
            &*target.password,
            &*target.database,
            slot,
            PUBLICATION,
        )
        .with_port(target.port)
        .with_application_name("catalog-admin publisher")
        .with_options(SENDER_TIMEOUT)
        .with_status_interval(confirm_interval)
        .with_buffer_size(BUFFER);
        let mut client = ReplicationClient::connect_gated(config).await?;
        let epoch = timeout(LIMIT, primary_epoch(&mut client)).await??;
        let epoch = epoch.ok_or(PublishError::Standby)?;
        if epoch == Epoch::NONE {
            return Err(PublishError::NoEpoch);
        }
        timeout(LIMIT, async {
            client.start().await?;
            client.wait_started().await
        })
        .await?
        .map_err(|error| match error {
            PgWireError::Server(text) if text.contains(OBJECT_IN_USE) => PublishError::Held,
            other => other.into(),
        })?;
        Ok((Self(client), epoch))
    }

    /// The next event. Nothing is lost when the wait is given up.
    pub(super) async fn next(&mut self) -> Result<ReplicationEvent, PublishError> {
        self.0.recv().await?.ok_or(PublishError::Ended)
    }

    /// Lets the server forget the log up to `position`. It is told soon, not at once.
    pub(super) fn confirm(&self, position: Lsn) {
        self.0.update_applied_lsn(position);
    }
}
