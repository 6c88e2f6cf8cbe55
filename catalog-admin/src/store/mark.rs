//! Where a write stands in the history, for the token that its caller is given.

use catalog_core::{
    freshness::{Epoch, Part, Snapshot, Unseen, Version, Xid},
    key::EntityKey,
};
use tokio_postgres::Row;

use super::{Store, StoreError, Transaction};

/// Where a write stands in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Whose history.
    pub epoch: Epoch,
    /// The transaction's, or a later one's.
    pub xid: Xid,
    /// What was written, in its version, when that is one thing.
    pub written: Option<Part>,
    /// What the primary did not show yet.
    pub unseen: Unseen,
}

/// Of this transaction, which is to commit, and of the one thing that it writes if there is one.
pub async fn of(tx: &Transaction, key: Option<EntityKey>) -> Result<Mark, StoreError> {
    let statement = "
        SELECT h.epoch, pg_current_snapshot()::text, pg_current_xact_id()::text, v.version
        FROM history h LEFT JOIN version v ON v.kind = $1::text::version_kind AND v.id = $2";
    let (kind, id) = (key.map(|key| key.kind.as_str()), key.map(|key| key.id));
    let row = tx.row(statement, &[&kind, &id]).await?.ok_or_else(no_history)?;
    let (epoch, snapshot) = epoch_and_snapshot(&row)?;
    let xid = row.try_get::<_, &str>(2)?.parse();
    let xid = xid.map_err(|_| StoreError::Failed("an id is no number".into()))?;
    let version = row.try_get::<_, Option<i64>>(3)?.map(i64::cast_unsigned).map(Version);
    let written = key.zip(version).map(|(key, version)| Part { key, version, xid });
    Ok(Mark { epoch, xid, written, unseen: snapshot.unseen() })
}

impl Store {
    /// Of all that has been acknowledged until now.
    pub async fn mark(&self) -> Result<Mark, StoreError> {
        let statement = "SELECT epoch, pg_current_snapshot()::text FROM history";
        let row = self.pool.get().await?.query_one(statement, &[]).await?;
        let (epoch, snapshot) = epoch_and_snapshot(&row)?;
        let xid = Xid(snapshot.end().0.saturating_sub(1));
        Ok(Mark { epoch, xid, written: None, unseen: snapshot.unseen() })
    }
}

fn epoch_and_snapshot(row: &Row) -> Result<(Epoch, Snapshot), StoreError> {
    let epoch = Epoch(row.try_get::<_, i64>(0)?.cast_unsigned());
    let snapshot = row.try_get::<_, &str>(1)?.parse();
    Ok((epoch, snapshot.map_err(|malformed| StoreError::Failed(Box::new(malformed)))?))
}

fn no_history() -> StoreError {
    StoreError::Failed("the table history is empty".into())
}
