//! What the planner knows of the tables.

use service_kit::postgres::InUse;

use super::{Store, StoreError};

/// Every table that the services read by, in one statement; each is looked at in a transaction of
/// its own. One that autovacuum is just looking at is left to it.
const ANALYZE: &str = "
    ANALYZE (SKIP_LOCKED)
        version, product, product_translation, variant, price, stock, variant_availability,
        category, category_translation, product_category, media, relation, slug_history, revision";

impl Store {
    /// Has the planner look at how the catalog's tables have grown. Every session plans anew then,
    /// on the replicas too: what was prepared while the tables were small would go on reading them
    /// from end to end until autovacuum comes by, a minute later.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        let client = InUse::new(self.pool.get().await?);
        // Large tables take longer than a request may.
        client.batch_execute("SET statement_timeout = '5min'").await?;
        let analyzed = client.batch_execute(ANALYZE).await;
        client.batch_execute("RESET statement_timeout").await?;
        client.finish();
        Ok(analyzed?)
    }
}
