//! The watch for writing transactions that stay open.

use std::{convert::Infallible, time::Duration};

use deadpool_postgres::{Object, Pool};
use metrics::{counter, gauge};
use service_kit::postgres::InUse;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{
    WritersSettings,
    metrics::{LONG_WRITERS, OLDEST_WRITER, WRITERS_ENDED},
};
use crate::store::epoch_writers::{self as store, WriterRow};

/// How often it looks.
const INTERVAL: Duration = Duration::from_secs(5);
const LIMIT: Duration = Duration::from_secs(10);

/// Warns of writing transactions that stay open, and by setting ends them.
#[derive(Debug)]
pub struct WriterWatch {
    pool: Pool,
    settings: WritersSettings,
}

impl WriterWatch {
    /// A watch over the cluster of `pool`.
    pub fn new(pool: Pool, settings: WritersSettings) -> Self {
        Self { pool, settings }
    }

    /// Watches until told to stop.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Infallible> {
        while stop.run_until_cancelled(sleep(INTERVAL)).await.is_some() {
            if let Err(error) = self.look().await {
                tracing::warn!(error.message = %error, "the watch for long writers cannot look");
            }
        }
        Ok(())
    }

    /// Looks once.
    pub async fn look(&self) -> anyhow::Result<()> {
        let client = InUse::new(self.pool.get().await?);
        let judged = timeout(LIMIT, self.judge(&client)).await?;
        client.finish();
        Ok(judged?)
    }

    async fn judge(&self, client: &Object) -> Result<(), tokio_postgres::Error> {
        let writers = store::open_writers(client).await?;
        let oldest = writers.first().map_or(Duration::ZERO, |writer| writer.age);
        gauge!(OLDEST_WRITER).set(oldest.as_secs_f64());
        let long: Vec<&WriterRow> =
            writers.iter().filter(|writer| writer.age >= self.settings.warn_after).collect();
        gauge!(LONG_WRITERS).set(f64::from(u32::try_from(long.len()).unwrap_or(u32::MAX)));
        for writer in long {
            warn(writer, "a writing transaction stays open: polls and proofs grow");
        }
        for writer in writers.iter().filter(|writer| self.is_to_end(writer)) {
            self.end(client, writer).await;
        }
        Ok(())
    }

    /// Migrations are only warned of: one that is ended would be ended at its next try as well.
    fn is_to_end(&self, writer: &WriterRow) -> bool {
        writer.application != store::MIGRATIONS_APPLICATION
            && self.settings.end_after.is_some_and(|age| writer.age >= age)
    }

    /// One that may not be ended (a superuser's) does not keep the others.
    async fn end(&self, client: &Object, writer: &WriterRow) {
        match store::end_writer(client, writer).await {
            Ok(true) => {
                counter!(WRITERS_ENDED).increment(1);
                warn(writer, "a writing transaction was ended for its age");
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(
                writer.pid = writer.pid,
                error.message = %error,
                "a writing transaction cannot be ended"
            ),
        }
    }
}

fn warn(writer: &WriterRow, what: &str) {
    tracing::warn!(
        writer.pid = writer.pid,
        writer.database = writer.database,
        writer.role = writer.role,
        writer.application = writer.application,
        writer.age_seconds = writer.age.as_secs(),
        "{what}"
    );
}

#[cfg(test)]
mod tests {
    use deadpool_postgres::{Manager, Pool};
    use tokio_postgres::{Config, NoTls};

    use super::*;

    #[test]
    fn old_writers_are_ended_but_not_migrations() {
        let pool = Pool::builder(Manager::new(Config::new(), NoTls)).build().unwrap();
        let end_after = Some(Duration::from_mins(1));
        let watch = WriterWatch::new(pool, WritersSettings { end_after, ..Default::default() });
        let is_to_end = |application: &str, seconds| {
            watch.is_to_end(&WriterRow {
                pid: 1,
                xid: "1".to_owned(),
                database: "vitrina".to_owned(),
                role: "vitrina_admin".to_owned(),
                application: application.to_owned(),
                age: Duration::from_secs(seconds),
            })
        };
        assert!(is_to_end("psql", 60) && !is_to_end("psql", 59));
        assert!(!is_to_end("vitrina-migrations", 600));
    }
}
