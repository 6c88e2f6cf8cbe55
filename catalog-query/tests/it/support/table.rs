//! A table that nobody can read.

use tokio_postgres::Client;

use super::{Editor, Here, eventually};

/// A table that nobody can read, on the primary and on the replica, until it is released or dropped.
pub(crate) struct Table(Client);

impl Table {
    pub(crate) async fn lock(here: &Here, name: &str) -> Self {
        let primary = Editor::connect(&here.stores.primary.admin).await;
        let lock = format!("BEGIN; LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE");
        primary.batch_execute(&lock).await.unwrap();
        let replica = Editor::connect(&here.stores.replica.superuser).await;
        let sql = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                   WHERE d.datname = current_database() AND l.granted
                     AND l.mode = 'AccessExclusiveLock' AND l.relation = $1::text::regclass";
        eventually("the replica has the lock", async || {
            let row = replica.query_one(sql, &[&name]).await.unwrap();
            (row.get::<_, i64>(0) > 0).then_some(())
        })
        .await;
        Self(primary)
    }

    pub(crate) async fn release(self) {
        self.0.batch_execute("COMMIT").await.unwrap();
    }
}
