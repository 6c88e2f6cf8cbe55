//! The trace of a write, carried to the change publisher inside the transaction.

use catalog_core::contract::change::TRACEPARENT_MESSAGE;

use super::{StoreError, Transaction};

/// Puts the trace's parent into the transaction's part of the write-ahead log.
pub async fn emit(tx: &Transaction, parent: &str) -> Result<(), StoreError> {
    let statement = "SELECT pg_logical_emit_message(true, $1, $2::text)";
    tx.execute(statement, &[&TRACEPARENT_MESSAGE, &parent]).await.map(drop)
}
