//! An epoch begun by hand, after whatever passed the triggers, and above another primary's.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use catalog_core::freshness::Epoch;
use deadpool_postgres::Pool;
use jiff::{SignedDuration, Timestamp};
use service_kit::settings::PostgresSettings;
use tokio::time::timeout;

use super::{number, turn};
use crate::store::epoch as store;

/// How long to wait for the lock of whoever beats, who may be beginning an epoch.
const LOCK_LIMIT: Duration = Duration::from_secs(30);

/// How far above the time an epoch may be asked for. Epochs count microseconds and are never
/// lowered, so one far ahead, as in nanoseconds, could not be taken back.
const MOST_AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Begins an epoch greater than the database's, and than `above`.
pub async fn begin_by_hand(primary: &PostgresSettings, above: Epoch) -> anyhow::Result<Epoch> {
    ensure!(
        !is_far_ahead(above),
        "--above is more than a day ahead of the time in microseconds, which epochs count: \
         it must be at most {}",
        most()
    );
    let pool = service_kit::postgres::pool(primary, store_application())?;
    begin_above(&pool, above).await
}

/// Whether no epoch may be begun above this one.
pub(crate) fn is_far_ahead(epoch: Epoch) -> bool {
    epoch > most()
}

fn most() -> Epoch {
    number::at(Timestamp::now() + MOST_AHEAD)
}

/// Begins an epoch greater than the database's, and than `above`, which is not far ahead.
pub(crate) async fn begin_above(pool: &Pool, above: Epoch) -> anyhow::Result<Epoch> {
    let mut client = pool.get().await.context("the primary cannot be reached")?;
    let begin = async {
        let transaction = turn::open(&mut client).await?;
        // The pool's own limit is a request's, and shorter.
        store::limit_statements(&transaction, (LOCK_LIMIT * 2).as_millis()).await?;
        timeout(LOCK_LIMIT, store::lock(&transaction))
            .await
            .context("somebody is beginning an epoch at this moment: try again")??;
        let old = store::history(&transaction).await?.epoch.max(above);
        let epoch = number::next(old, Timestamp::now(), &mut rand::rng());
        turn::begin(transaction, epoch).await?;
        anyhow::Ok(epoch)
    };
    timeout(turn::BEGIN_LIMIT, begin).await.context("the primary did not answer in time")?
}

/// Not to be ended as a long writer.
const fn store_application() -> &'static str {
    crate::store::epoch_writers::BEAT_APPLICATION
}
