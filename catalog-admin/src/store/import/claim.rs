//! Whether the process that runs an import still lives, told by a lock that its session holds.

use deadpool_postgres::Object;
use uuid::Uuid;

use crate::store::{Store, StoreError};

/// Held by whoever runs an import, for as long as it does. The server lets go of it when the
/// session ends, however that comes about.
pub struct ImportClaim {
    session: Option<Object>,
}

impl std::fmt::Debug for ImportClaim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportClaim").finish_non_exhaustive()
    }
}

impl Drop for ImportClaim {
    fn drop(&mut self) {
        // Not back to the pool: the lock ends with its session.
        if let Some(session) = self.session.take() {
            drop(Object::take(session));
        }
    }
}

impl Store {
    /// Claims an import whose id nobody else knows yet.
    pub async fn claim_import(&self, id: Uuid) -> Result<ImportClaim, StoreError> {
        let session = self.pool().get().await?;
        let claim = ImportClaim { session: Some(session) };
        if let Some(session) = &claim.session {
            let statement = "SELECT pg_advisory_lock(hashtextextended('vitrina.import/' || $1, 0))";
            session.execute(statement, &[&id.to_string()]).await?;
        }
        Ok(claim)
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
