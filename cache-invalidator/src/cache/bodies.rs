//! What Redis has, looked at and left as it is.

use catalog_core::{contract::redis_entry::Keys, key::EntityKey};
use redis::{RedisResult, pipe};

use super::Cache;

impl Cache {
    /// The bodies of these, in order, in one round trip.
    pub async fn bodies(&self, entities: &[EntityKey]) -> RedisResult<Vec<Option<Vec<u8>>>> {
        if entities.is_empty() {
            return Ok(Vec::new());
        }
        let mut pipeline = pipe();
        for entity in entities {
            pipeline.get(Keys::new(&self.prefix, entity).body);
        }
        pipeline.query_async(&mut self.connection.clone()).await
    }
}
