//! The replication slot made ready to be held.

use std::time::Duration;

use catalog_core::{contract::change::ResyncReason, freshness::Epoch};
use deadpool_postgres::Object;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::error::PublishError;
use crate::store::publisher_slot as store;

/// How long making a slot may take: it waits for the writing transactions that are open.
const CREATE_LIMIT: Duration = Duration::from_mins(10);

/// Sees to it that there is a slot from which somebody can stream, and that nobody does.
pub(super) async fn make_ready(client: &mut Object, name: &str) -> Result<(), PublishError> {
    match store::slot(client, name).await? {
        Some(slot) if !slot.ours => Err(PublishError::ForeignSlot),
        Some(slot) if slot.active => Err(PublishError::Held),
        Some(slot) if !slot.lost => Ok(()),
        Some(_) => {
            tracing::error!(slot.name = name, "the slot was lost: changes have passed unpublished");
            store::forget_published(client, name).await?;
            store::drop_slot(client, name).await?;
            create(client, name).await
        }
        None => create(client, name).await,
    }
}

async fn create(client: &mut Object, name: &str) -> Result<(), PublishError> {
    // Before: whoever finds the new slot must find that every row is owed to its feed.
    store::forget_published(client, name).await?;
    let transaction = client.transaction().await?;
    match store::create_slot(&transaction, name, CREATE_LIMIT.as_millis()).await {
        Ok(()) => {
            transaction.commit().await?;
            tracing::info!(slot.name = name, "made the slot");
            Ok(())
        }
        // Somebody else was faster.
        Err(error) if error.code() == Some(&SqlState::DUPLICATE_OBJECT) => Err(PublishError::Held),
        Err(error) => Err(error.into()),
    }
}

/// Why every row is owed to the slot's feed, if it is, and the slot's generation. Ask while holding
/// the slot.
pub(super) async fn owed(
    client: &Object,
    name: &str,
    epoch: Epoch,
) -> Result<(Option<ResyncReason>, Uuid), PublishError> {
    let Some(published) = store::published(client, name).await? else {
        return Ok((Some(ResyncReason::LostSlot), store::forget_published(client, name).await?));
    };
    let owed = match published.epoch {
        None => Some(ResyncReason::LostSlot),
        Some(since) if since != epoch => Some(ResyncReason::NewEpoch),
        Some(_) => None,
    };
    Ok((owed, published.generation))
}
