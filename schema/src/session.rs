//! A connection for migrations alone, with the lock that keeps others from migrating meanwhile.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, NoTls};

use crate::MigrateError;

/// For which no other lock of this database is taken, and above all not the beat's: migrations may
/// run for minutes, and epochs must begin meanwhile. "vitmigr" in ASCII.
const LOCK: i64 = 0x0076_6974_6d69_6772;

/// How long another migrator is waited for. (It may be building an index.)
const LOCK_WAIT: &str = "SET lock_timeout = '5min'";

/// How long one statement waits for a table. Whoever reads that table waits behind it, so briefly.
const TABLE_WAIT: &str = "SET lock_timeout = '10s'";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Session {
    client: Client,
    // Drives the connection; ends when the client is dropped.
    driver: JoinHandle<()>,
}

impl Session {
    pub(crate) async fn open(mut config: Config) -> Result<Self, MigrateError> {
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config.application_name("vitrina-migrations");
        let (client, connection) = config.connect(NoTls).await.map_err(MigrateError::Connect)?;
        let driver = tokio::spawn(async move {
            // Its failure reaches the caller through the client's next statement.
            let _ended = connection.await;
        });
        Ok(Self { client, driver })
    }

    /// Waits until nobody else migrates this database. PostgreSQL ends the lock with the connection.
    pub(crate) async fn lock(&self) -> Result<(), MigrateError> {
        let take = format!("{LOCK_WAIT}; SELECT pg_advisory_lock({LOCK}); {TABLE_WAIT}");
        self.client.batch_execute(&take).await.map_err(MigrateError::Lock)
    }

    pub(crate) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// Ends the connection and waits until it has ended: nobody copies a database that is in use.
    pub(crate) async fn close(self) {
        drop(self.client);
        let _ended = self.driver.await;
    }
}
