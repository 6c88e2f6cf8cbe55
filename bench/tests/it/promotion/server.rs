//! One of the two servers.

use tokio_postgres::{Client, NoTls, error::SqlState};
use uuid::Uuid;

use crate::waiting::eventually;

/// Whether an epoch stands.
pub(super) const STANDS: &str =
    "SELECT EXISTS (SELECT FROM history h JOIN incarnation i ON i.epoch = h.epoch)";

/// Somebody's connection to a server.
pub(super) struct Server(pub(super) Client);

impl Server {
    pub(super) async fn connect(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        Self(client)
    }

    /// Waits until the statement gives true. Replay may end it; then it is sent again.
    pub(super) async fn until(&self, what: &str, sql: &str) {
        eventually(what, async || {
            self.0.query_one(sql, &[]).await.is_ok_and(|row| row.get::<_, bool>(0))
        })
        .await;
    }

    /// The epoch of the history row, whether or not it stands.
    pub(super) async fn epoch(&self) -> u64 {
        let row = self.0.query_one("SELECT epoch FROM history", &[]).await.unwrap();
        row.get::<_, i64>(0).cast_unsigned()
    }

    /// Until an epoch stands nobody writes, by whatever way.
    pub(super) async fn refuses_to_write(&self, product: Uuid) {
        let update = "UPDATE product SET brand = 'too early' WHERE id = $1";
        let refused = self.0.execute(update, &[&product]).await.unwrap_err();
        assert_eq!(refused.code().map(SqlState::code), Some("55000"), "{refused:?}");
    }
}
