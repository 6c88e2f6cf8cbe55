//! Where an old slug leads.

use std::sync::Arc;

use catalog_core::key::SlugScope;
use deadpool_postgres::Object;

use super::{Class, Place, Shown, Statement, StoreError, shown::columns};

/// Where a slug that nobody owns any longer leads: to the current slug of whoever gave it up and still
/// lives; `None` when it leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OldSlug {
    /// Whose slug.
    pub scope: SlugScope,
    /// The slug.
    pub slug: Arc<str>,
}

impl Statement for OldSlug {
    type Output = (Shown, Option<Arc<str>>);
    const CLASS: Class = Class::Entries;

    async fn run(&self, client: &Object, place: Place) -> Result<Self::Output, StoreError> {
        let table = match self.scope {
            SlugScope::Product => "product",
            SlugScope::Category => "category",
        };
        let sql = format!(
            "SELECT {}, t.slug FROM history h
             LEFT JOIN slug_history o ON o.scope = $1 AND o.slug = $2
             LEFT JOIN {table} t ON t.id = o.entity_id AND t.deleted_at IS NULL",
            columns(place)
        );
        let statement = client.prepare_cached(&sql).await?;
        let row = client
            .query_opt(&statement, &[&self.scope.as_str(), &&*self.slug])
            .await?
            .ok_or(StoreError::NoHistory)?;
        let slug = row.try_get::<_, Option<&str>>("slug")?;
        Ok((Shown::read(&row)?, slug.map(Arc::from)))
    }
}
