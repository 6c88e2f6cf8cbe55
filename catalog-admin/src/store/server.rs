//! What the primary's server is set to.

use super::{Store, StoreError};

/// Settings of the server that the catalog leans on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerRow {
    /// `max_prepared_transactions`
    pub max_prepared_transactions: i32,
    /// `wal_level`
    pub wal_level: String,
    /// `max_slot_wal_keep_size` in MB; -1 for no limit.
    pub max_slot_wal_keep_size: i32,
}

impl Store {
    /// What it is set to now.
    pub async fn server(&self) -> Result<ServerRow, StoreError> {
        let statement = "
            SELECT (SELECT setting::integer FROM pg_settings WHERE name = 'max_prepared_transactions'),
                   current_setting('wal_level'),
                   (SELECT setting::integer FROM pg_settings WHERE name = 'max_slot_wal_keep_size')";
        let row = self.pool.get().await?.query_one(statement, &[]).await?;
        Ok(ServerRow {
            max_prepared_transactions: row.get(0),
            wal_level: row.get(1),
            max_slot_wal_keep_size: row.get(2),
        })
    }
}
