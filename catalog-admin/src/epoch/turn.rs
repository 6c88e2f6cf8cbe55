//! One turn at the beat: one transaction that checks, and beats or begins an epoch.

use std::time::Duration;

use catalog_core::freshness::{Beat, Epoch};
use deadpool_postgres::{Object, Pool, PoolError, Transaction};
use jiff::Timestamp;
use service_kit::postgres::InUse;
use tokio::time::{error::Elapsed, timeout};
use tokio_postgres::IsolationLevel;

use super::number;
use crate::store::epoch as store;

/// How long a beat may take.
const BEAT_LIMIT: Duration = Duration::from_secs(5);
/// How long the beginning of an epoch may take: after a restore it writes every version row.
pub(super) const BEGIN_LIMIT: Duration = Duration::from_mins(15);

/// The beat as it stood at some turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) epoch: Epoch,
    pub(super) beat: Beat,
}

/// What an admin knows when it takes a turn.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    /// What its previous turn saw.
    pub(super) last: Option<Seen>,
    /// The greatest epoch that it ever saw.
    pub(super) greatest: Epoch,
}

/// What came of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Somebody else has the lock.
    Elsewhere,
    /// Somebody else has beaten since our last turn, so ours would make it twice the pace.
    Followed(Seen),
    /// We have added one.
    Beaten(Seen),
    /// We have begun an epoch.
    Began { epoch: Epoch, foreign_rows: u64, why: Why },
}

/// Why an epoch had to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Nothing vouched for the one before.
    Unvouched,
    /// The one before was vouched for, and lower than one that we had seen: pods would never take it.
    Lower,
}

/// Why there was no turn.
#[derive(Debug, thiserror::Error)]
pub(super) enum TurnError {
    #[error("no connection to the primary")]
    Pool(#[from] PoolError),
    #[error("the primary refused")]
    Database(#[from] tokio_postgres::Error),
    #[error("the primary did not answer in time")]
    TimedOut(#[from] Elapsed),
}

/// Takes a turn.
pub(super) async fn take(pool: &Pool, known: Known) -> Result<Turn, TurnError> {
    let mut client = InUse::new(pool.get().await?);
    let turn = turn(&mut client, known).await;
    if !matches!(turn, Err(TurnError::TimedOut(_))) {
        client.finish();
    }
    turn
}

async fn turn(client: &mut Object, known: Known) -> Result<Turn, TurnError> {
    let Some((transaction, history)) = timeout(BEAT_LIMIT, check(client)).await?? else {
        return Ok(Turn::Elsewhere);
    };
    if let Some(why) = needs_another(history, known.greatest) {
        let old = history.epoch.max(known.greatest);
        let next = number::next(old, Timestamp::now(), &mut rand::rng());
        let foreign_rows = begin(transaction, next).await?;
        return Ok(Turn::Began { epoch: next, foreign_rows, why });
    }
    let found = Seen { epoch: history.epoch, beat: history.beat };
    if known.last.is_some_and(|last| last != found) {
        return Ok(Turn::Followed(found));
    }
    let beat = timeout(BEAT_LIMIT, beat(transaction)).await??;
    Ok(Turn::Beaten(Seen { epoch: history.epoch, beat }))
}

fn needs_another(history: store::HistoryRow, greatest: Epoch) -> Option<Why> {
    if !history.valid {
        Some(Why::Unvouched)
    } else if history.epoch < greatest {
        Some(Why::Lower)
    } else {
        None
    }
}

/// Opens the transaction and reads the history under the lock; nothing when the lock is taken.
async fn check(
    client: &mut Object,
) -> Result<Option<(Transaction<'_>, store::HistoryRow)>, tokio_postgres::Error> {
    let transaction = open(client).await?;
    if !store::try_lock(&transaction).await? {
        return Ok(None);
    }
    // After the lock and in a statement of its own, so that beat k + 1 shows whatever showed k.
    let history = store::history(&transaction).await?;
    Ok(Some((transaction, history)))
}

async fn beat(transaction: Transaction<'_>) -> Result<Beat, tokio_postgres::Error> {
    let beat = store::raise_beat(&transaction).await?;
    transaction.commit().await?;
    Ok(beat)
}

/// A transaction whose statements see what has been committed, and whose commit waits for nobody.
pub(super) async fn open(client: &mut Object) -> Result<Transaction<'_>, tokio_postgres::Error> {
    let transaction =
        client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
    store::commit_locally(&transaction).await?;
    Ok(transaction)
}

/// Begins `epoch` in a transaction that holds the lock. Returns how many rows bore foreign ids.
pub(super) async fn begin(transaction: Transaction<'_>, epoch: Epoch) -> Result<u64, TurnError> {
    let work = async {
        store::limit_statements(&transaction, BEGIN_LIMIT.as_millis()).await?;
        let foreign_rows = store::begin(&transaction, epoch).await?;
        transaction.commit().await?;
        Ok(foreign_rows)
    };
    timeout(BEGIN_LIMIT, work).await?
}
