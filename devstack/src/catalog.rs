//! What stands in the catalog.

use crate::stack::DATABASE;
use crate::{Error, Result, Stack};

impl Stack {
    /// Whether nothing has ever been put into the catalog.
    pub async fn catalog_is_empty(&self) -> Result<bool> {
        let sql = "SELECT NOT EXISTS (SELECT FROM product) AND NOT EXISTS (SELECT FROM category)";
        let state = self.state();
        let client = state.query(state.ports.primary).connect(DATABASE).await?;
        let row = client
            .query_one(sql, &[])
            .await
            .map_err(|e| Error::postgres("look whether the catalog is empty", e))?;
        Ok(row.get(0))
    }

    /// The id of a product that storefronts can read now, if there is one.
    pub async fn example_product(&self) -> Result<Option<String>> {
        let sql = "SELECT id::text FROM product \
                   WHERE status = 'active' AND deleted_at IS NULL \
                     AND coalesce(publish_at <= now(), true) \
                     AND coalesce(unpublish_at > now(), true) \
                   ORDER BY created_at, id LIMIT 1";
        let state = self.state();
        let client = state.query(state.ports.primary).connect(DATABASE).await?;
        let row = client
            .query_opt(sql, &[])
            .await
            .map_err(|e| Error::postgres("look for a product", e))?;
        Ok(row.map(|row| row.get(0)))
    }
}
