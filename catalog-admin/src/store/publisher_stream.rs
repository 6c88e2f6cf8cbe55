//! What is asked on the very connection that reads the log.

use catalog_core::freshness::Epoch;
use pgwire_replication::{PgWireError, ReplicationClient};

/// The epoch of the server at the other end; nothing when that is a standby.
pub async fn primary_epoch(client: &mut ReplicationClient) -> Result<Option<Epoch>, PgWireError> {
    const SQL: &str = "SELECT epoch::text, pg_is_in_recovery()::text FROM public.history";
    let rows = client.simple_query(SQL).await?;
    let column = |place: usize| {
        let value = rows.first().and_then(|row| row.get(place)).cloned().flatten();
        value.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())
    };
    let epoch = column(0).and_then(|text| text.parse().ok()).unwrap_or(Epoch::NONE);
    Ok((column(1).as_deref() == Some("false")).then_some(epoch))
}
