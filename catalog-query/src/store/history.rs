//! What a server shows of the history, and nothing else.

use deadpool_postgres::Object;

use super::{Class, Place, Shown, Statement, StoreError, shown::columns};

/// Asks what a server shows of the history.
#[derive(Debug, Clone, Copy)]
pub struct History;

impl Statement for History {
    type Output = Shown;
    const CLASS: Class = Class::Lists;

    async fn run(&self, client: &Object, place: Place) -> Result<Self::Output, StoreError> {
        let sql = format!("SELECT {} FROM history h", columns(place));
        let statement = client.prepare_cached(&sql).await?;
        let row = client.query_opt(&statement, &[]).await?;
        Shown::read(&row.ok_or(StoreError::NoHistory)?)
    }
}
