use deadpool_postgres::Object;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::StoreError;

/// The parameters of a statement.
pub(super) type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A transaction on the primary. One that is dropped without having ended, as when its request is
/// given up, takes its connection along: a statement may still run on it, and its server rolls back.
pub struct Transaction {
    /// `None` once it has ended.
    client: Option<Object>,
}

impl Transaction {
    pub(super) async fn begin(client: Object) -> Result<Self, StoreError> {
        let begun = Self { client: Some(client) };
        begun.client().batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        Ok(begun)
    }

    /// Commits when `outcome` is good, and rolls back when it is not.
    pub async fn end<T, E: From<StoreError>>(self, outcome: Result<T, E>) -> Result<T, E> {
        match outcome {
            Ok(value) => {
                self.finish("COMMIT").await?;
                Ok(value)
            }
            Err(error) => {
                // When even this fails the connection is not used again, which rolls back too.
                let _ = self.finish("ROLLBACK").await;
                Err(error)
            }
        }
    }

    /// Gives up what was done, so that statements can run again after one has failed.
    pub async fn restart(&self) -> Result<(), StoreError> {
        let restart = "ROLLBACK; BEGIN ISOLATION LEVEL READ COMMITTED";
        Ok(self.client().batch_execute(restart).await?)
    }

    async fn finish(mut self, how: &str) -> Result<(), StoreError> {
        self.client().batch_execute(how).await?;
        self.client = None;
        Ok(())
    }

    pub(super) async fn execute(
        &self,
        statement: &str,
        parameters: Parameters<'_>,
    ) -> Result<u64, StoreError> {
        let prepared = self.client().prepare_cached(statement).await?;
        Ok(self.client().execute(&prepared, parameters).await?)
    }

    pub(super) async fn rows(
        &self,
        statement: &str,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        let prepared = self.client().prepare_cached(statement).await?;
        Ok(self.client().query(&prepared, parameters).await?)
    }

    pub(super) async fn row(
        &self,
        statement: &str,
        parameters: Parameters<'_>,
    ) -> Result<Option<Row>, StoreError> {
        let prepared = self.client().prepare_cached(statement).await?;
        Ok(self.client().query_opt(&prepared, parameters).await?)
    }

    pub(super) fn client(&self) -> &Object {
        self.client.as_ref().expect("only `finish`, which consumes it, takes the client away")
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}

impl std::fmt::Debug for Transaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}
