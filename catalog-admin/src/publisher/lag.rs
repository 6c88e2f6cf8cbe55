//! How far the slot lags, told by every admin: it matters most when nobody publishes.

use std::time::Duration;

use deadpool_postgres::Pool;
use metrics::gauge;
use tokio::time::{interval, timeout};

use super::metrics::{LAG_BYTES, SAFE_BYTES};
use crate::store::publisher_slot as store;

const INTERVAL: Duration = Duration::from_secs(5);
const LIMIT: Duration = Duration::from_secs(5);

/// Looks until it is given up.
pub(super) async fn watch(pool: &Pool, slot: &str) {
    let mut tick = interval(INTERVAL);
    loop {
        tick.tick().await;
        match timeout(LIMIT, look(pool, slot)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::debug!(error.message = %error, "the slot's lag cannot be seen");
            }
            Err(_) => tracing::debug!("the slot's lag cannot be seen in time"),
        }
    }
}

async fn look(pool: &Pool, slot: &str) -> anyhow::Result<()> {
    let client = pool.get().await?;
    if let Some(slot) = store::slot(&client, slot).await? {
        gauge!(LAG_BYTES).set(slot.lag_bytes);
        // Without a limit there is no such number, and the one that was told before is no longer true.
        let without_limit = if slot.lost { 0.0 } else { f64::NAN };
        gauge!(SAFE_BYTES).set(slot.safe_bytes.unwrap_or(without_limit));
    }
    Ok(())
}
