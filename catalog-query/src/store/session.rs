//! A connection that stands alone.

use std::fmt::Write as _;

use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, NoTls};

use super::StoreError;

/// A connection outside any pool; closed when it is dropped, whatever it hangs on.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    connection: JoinHandle<()>,
}

impl Session {
    /// Connects; the session begins with `options` beside those of `config`.
    pub(super) async fn connect(
        config: &Config,
        options: &[(&str, &str)],
    ) -> Result<Self, StoreError> {
        let mut config = config.clone();
        let mut all = config.get_options().unwrap_or_default().to_owned();
        for (name, value) in options {
            // Writing to a String does not fail.
            let _ = write!(all, " -c {name}={value}");
        }
        config.options(all.trim_start());
        let (client, connection) = config.connect(NoTls).await?;
        let connection = tokio::spawn(async move {
            // Its end shows in the client's next answer.
            let _ = connection.await;
        });
        Ok(Self { client, connection })
    }

    /// Its client.
    pub(super) const fn client(&self) -> &Client {
        &self.client
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
