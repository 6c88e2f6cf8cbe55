//! Where an old slug leads.

use catalog_core::key::SlugScope;
use deadpool_postgres::Object;

use super::{Place, Shown, Statement, StoreError, shown::columns};

/// Where a slug that nobody owns any longer leads.
#[derive(Debug)]
pub struct OldSlug<'a> {
    /// Whose slug.
    pub scope: SlugScope,
    /// The slug.
    pub slug: &'a str,
}

/// The current slug of whoever gave the old one up and still lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTo {
    /// What the statement shows of its history.
    pub shown: Shown,
    /// `None` when it leads nowhere.
    pub slug: Option<String>,
}

impl Statement for OldSlug<'_> {
    type Output = MovedTo;

    async fn run(&self, client: &Object, place: Place) -> Result<MovedTo, StoreError> {
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
            .query_opt(&statement, &[&self.scope.as_str(), &self.slug])
            .await?
            .ok_or(StoreError::NoHistory)?;
        Ok(MovedTo { shown: Shown::read(&row)?, slug: row.try_get("slug")? })
    }
}
