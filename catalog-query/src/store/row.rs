//! Reading columns.

use tokio_postgres::Row;

use super::StoreError;

/// A `bigint` that is never negative.
pub fn unsigned(row: &Row, column: &'static str) -> Result<u64, StoreError> {
    u64::try_from(row.try_get::<_, i64>(column)?).map_err(|_| StoreError::Negative(column))
}
