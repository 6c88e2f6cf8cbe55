//! What the planner knows of the tables.

use service_kit::postgres::InUse;

use super::{Store, StoreError};

/// What the services look up and sort by, in one statement; each table is looked at in a transaction
/// of its own. One that autovacuum is just looking at is left to it. (With the wide columns, which
/// nothing is sought by, it takes twice the time: 886 ms instead of 420 for 35,000 products.)
const ANALYZE: &str = "
    ANALYZE (SKIP_LOCKED)
        version, price, stock, variant_availability, product_category, relation, slug_history,
        product (id, external_key, slug, status, publish_at, unpublish_at, deleted_at, created_at),
        product_translation (product_id, locale),
        variant (id, product_id, sku, deleted_at),
        category (id, external_key, slug, parent_id, position, deleted_at),
        category_translation (category_id, locale),
        media (id, product_id, variant_id),
        revision (kind, entity_id, version)";

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

    /// How many products and categories the planner knew of when it last looked.
    pub async fn known_size(&self) -> Result<i64, StoreError> {
        let client = self.pool.get().await?;
        let statement = "
            SELECT sum(greatest(reltuples, 0))::bigint FROM pg_class
            WHERE oid IN ('product'::regclass, 'category'::regclass)";
        let prepared = client.prepare_cached(statement).await?;
        Ok(client.query_one(&prepared, &[]).await?.try_get(0)?)
    }
}
