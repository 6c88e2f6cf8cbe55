//! Whether the process that runs an import still lives, told by a lock that its session holds.

use service_kit::postgres::InUse;
use uuid::Uuid;

use crate::store::{Store, StoreError};

/// Held by whoever runs an import, for as long as it does. The server lets go of it when the
/// session ends, however that comes about; so the session never goes back to the pool.
#[derive(Debug)]
pub struct ImportClaim(InUse);

impl ImportClaim {
    /// Whether its session has ended, so that whoever reads the import finds that nobody runs it.
    pub fn is_lost(&self) -> bool {
        self.0.is_closed()
    }
}

impl Store {
    /// Claims an import; nothing while another session has claimed it.
    pub async fn claim_import(&self, id: Uuid) -> Result<Option<ImportClaim>, StoreError> {
        let session = InUse::new(self.pool().get().await?);
        let statement = "SELECT pg_try_advisory_lock(hashtextextended('vitrina.import/' || $1, 0))";
        let claimed = session.query_one(statement, &[&id.to_string()]).await?.get(0);
        if claimed {
            return Ok(Some(ImportClaim(session)));
        }
        session.finish();
        Ok(None)
    }

    /// Calls an import failed that is said to run and that nobody runs any more: its process has
    /// died, or lost the primary and could not say so.
    pub async fn settle_import(&self, id: Uuid, failure: &str) -> Result<(), StoreError> {
        let client = self.pool().get().await?;
        // The lock first, in a statement of its own: one that is let go of between the two was let
        // go of by somebody who had said how the import ended.
        let statement = "
            WITH claim AS MATERIALIZED (
                SELECT pg_try_advisory_xact_lock(hashtextextended('vitrina.import/' || $1::uuid, 0)) AS ours
            )
            UPDATE import SET state = 'failed', finished_at = now(), failure = $2
            FROM claim
            WHERE claim.ours AND import.id = $1 AND import.state = 'running'";
        let prepared = client.prepare_cached(statement).await?;
        client.execute(&prepared, &[&id, &failure]).await?;
        Ok(())
    }
}
