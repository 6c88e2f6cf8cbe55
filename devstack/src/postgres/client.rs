//! Connections for devstack's own statements.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use tokio_postgres::{Client, NoTls};

use crate::{Error, Result};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// How to reach a server as one of its roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) port: u16,
    pub(crate) role: String,
    pub(crate) password: String,
}

impl Login {
    /// The connection string for a database of that server. Role and password are letters and
    /// digits, so nothing needs escaping.
    pub(crate) fn url(&self, database: &str) -> String {
        let Self { port, role, password } = self;
        format!("postgres://{role}:{password}@127.0.0.1:{port}/{database}")
    }

    /// The connection string for a database of that server or of the one on `other`, whichever takes
    /// writes.
    pub(crate) fn url_of_either(&self, other: u16, database: &str) -> String {
        let Self { port, role, password } = self;
        format!(
            "postgres://{role}:{password}@127.0.0.1:{port},127.0.0.1:{other}/{database}?target_session_attrs=read-write"
        )
    }

    /// Connects; the connection ends when the client is dropped.
    pub(crate) async fn connect(&self, database: &str) -> Result<Client> {
        let told = format!("connect to database {database} on port {}", self.port);
        let url = self.url(database);
        let (client, connection) = timeout(CONNECT_LIMIT, tokio_postgres::connect(&url, NoTls))
            .await
            .map_err(|_| Error::TimedOut { what: told.clone(), seconds: CONNECT_LIMIT.as_secs() })?
            .map_err(|e| Error::postgres(told, e))?;
        // Its error also reaches whoever uses the client.
        tokio::spawn(connection);
        Ok(client)
    }
}
