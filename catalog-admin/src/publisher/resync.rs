//! Publishing every version row again.
//!
//! Changes stream on meanwhile, so a key's records may come out of order; whoever keeps copies goes
//! by (epoch, version).

use std::{sync::Arc, time::Duration};

use catalog_core::contract::change::{ResyncReason, ResyncRecord};
use deadpool_postgres::{Object, Pool};
use metrics::counter;
use service_kit::backoff::Backoff;
use tokio_util::sync::CancellationToken;

use super::{
    change::Change,
    error::PublishError,
    feed::Feed,
    metrics::{RESYNC_RECORDS, RESYNCS, UNREADABLE},
    session::Holding,
};
use crate::store::{
    publisher_rows::{self as rows, VersionRow},
    publisher_slot,
};

/// How many rows are read, and are in flight, at once.
const PAGE: i64 = 2_000;

/// One publishing of every row.
pub(super) struct Resync {
    pub(super) pool: Pool,
    pub(super) feed: Arc<Feed>,
    pub(super) holding: Holding,
    pub(super) record: ResyncRecord,
}

impl Resync {
    /// Publishes all rows, and writes down that it has. Given up half-way it is owed as before.
    pub(super) async fn run(self) -> Result<(), PublishError> {
        let reason = match self.record.reason {
            ResyncReason::NewEpoch => "new_epoch",
            ResyncReason::LostSlot => "lost_slot",
        };
        counter!(RESYNCS, "reason" => reason).increment(1);
        tracing::info!(
            epoch.number = self.record.epoch.0,
            resync.reason = reason,
            "publishes every row again"
        );
        for announced in self.feed.announce(self.record)? {
            announced.acknowledged().await?;
        }
        let client = self.pool.get().await?;
        let published = self.every_row(&client).await?;
        let Holding { slot, generation } = &self.holding;
        let epoch = self.record.epoch;
        if !publisher_slot::keep_published(&client, slot, *generation, epoch).await? {
            return Err(PublishError::Overtaken);
        }
        tracing::info!(
            epoch.number = self.record.epoch.0,
            resync.records = published,
            "has published every row again"
        );
        Ok(())
    }

    /// The log tells of a commit before the primary shows it, and waits for standbys in between:
    /// what the stream published before the announcement may not be seen yet. So whatever was not
    /// seen for certain is read once more when it has ended. What began later streams.
    async fn every_row(&self, client: &Object) -> Result<u64, PublishError> {
        let bounds = rows::id_bounds(client).await?;
        let mut published = 0;
        let mut last = None;
        loop {
            let page = rows::page(client, last.as_ref(), PAGE).await?;
            published += self.publish(&page).await?;
            last = page.into_iter().next_back();
            if last.is_none() {
                break;
            }
        }
        let mut pauses = Backoff::new(Duration::from_millis(20), Duration::from_secs(1));
        let never = CancellationToken::new();
        while !rows::horizon_has_reached(client, &bounds.next).await? {
            pauses.pause(&never).await;
        }
        loop {
            let page = rows::raised_page(client, &bounds, last.as_ref(), PAGE).await?;
            published += self.publish(&page).await?;
            last = page.into_iter().next_back();
            if last.is_none() {
                return Ok(published);
            }
        }
    }

    async fn publish(&self, page: &[VersionRow]) -> Result<u64, PublishError> {
        let mut deliveries = Vec::with_capacity(page.len());
        for row in page {
            match Change::try_from(row) {
                Ok(change) => {
                    deliveries.push(self.feed.publish(self.record.epoch, &change, None)?);
                }
                Err(error) => {
                    tracing::error!(error.message = %error, "a row was not published");
                    counter!(UNREADABLE).increment(1);
                }
            }
        }
        let mut published = 0;
        for delivery in deliveries {
            delivery.acknowledged().await?;
            published += 1;
        }
        counter!(RESYNC_RECORDS).increment(published);
        Ok(published)
    }
}
