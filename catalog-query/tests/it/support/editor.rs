//! Writes the catalog with SQL, and keeps the beat as an admin would.

use std::time::Duration;

use catalog_core::freshness::Xid;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use super::eventually;

const BEGIN_EPOCH: &str = "
    WITH begun AS (
        UPDATE history
        SET epoch = greatest(epoch + 1, (extract(epoch FROM clock_timestamp()) * 1e6)::bigint)
        RETURNING epoch)
    INSERT INTO incarnation (epoch, system_identifier)
    SELECT b.epoch, s.system_identifier FROM begun b, pg_control_system() s
    ON CONFLICT (only_row) DO UPDATE
    SET epoch = excluded.epoch, system_identifier = excluded.system_identifier";

/// Writes on the primary.
pub(crate) struct Editor {
    pub(crate) client: Client,
    beat: JoinHandle<()>,
    connection: JoinHandle<()>,
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.beat.abort();
        self.connection.abort();
    }
}

async fn connect(url: &str) -> (Client, JoinHandle<()>) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    (client, tokio::spawn(async move { drop(connection.await) }))
}

impl Editor {
    /// Begins an epoch and keeps the beat.
    pub(crate) async fn new(url: &str) -> Self {
        let (client, connection) = connect(url).await;
        client.execute(BEGIN_EPOCH, &[]).await.unwrap();
        let (beating, beating_connection) = connect(url).await;
        let beat = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_millis(100));
            while beating.execute("UPDATE history SET beat = beat + 1", &[]).await.is_ok() {
                ticks.tick().await;
            }
            beating_connection.abort();
        });
        Self { client, beat, connection }
    }

    /// A connection beside the editor's.
    pub(crate) async fn connect(url: &str) -> Client {
        connect(url).await.0
    }

    /// Stops the beat, as when no admin lives.
    pub(crate) fn stop_beating(&self) {
        self.beat.abort();
    }

    pub(crate) async fn begin_epoch(&self) {
        self.run(BEGIN_EPOCH).await;
    }

    pub(crate) async fn run(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap();
    }

    /// An active product with one variant (SKU in capitals of its slug) at 10.00 EUR in the web shop.
    pub(crate) async fn product(&self, slug: &str) -> Uuid {
        let (id, variant, sku) = (Uuid::now_v7(), Uuid::now_v7(), slug.to_uppercase());
        self.run(&format!(
            "BEGIN;
             INSERT INTO product (id, slug, status) VALUES ('{id}', '{slug}', 'active');
             INSERT INTO product_translation (product_id, locale, name)
             VALUES ('{id}', 'en', 'A {slug}'), ('{id}', 'de', 'Ein {slug}');
             INSERT INTO variant (id, product_id, sku) VALUES ('{variant}', '{id}', '{sku}');
             INSERT INTO price (product_id, variant_id, channel, currency, amount)
             VALUES ('{id}', '{variant}', 'web', 'EUR', 1000);
             COMMIT"
        ))
        .await;
        id
    }

    /// Puts a product into a new category.
    pub(crate) async fn category(&self, slug: &str, product: Uuid) -> Uuid {
        let id = Uuid::now_v7();
        self.run(&format!(
            "BEGIN;
             INSERT INTO category (id, slug) VALUES ('{id}', '{slug}');
             INSERT INTO category_translation (category_id, locale, name) VALUES ('{id}', 'en', 'The {slug}');
             INSERT INTO product_category (product_id, category_id) VALUES ('{product}', '{id}');
             COMMIT"
        ))
        .await;
        id
    }

    /// Renames a product in English, and gives the version that this made.
    pub(crate) async fn rename(&self, product: Uuid, name: &str) -> u64 {
        self.run(&format!(
            "UPDATE product_translation SET name = '{name}'
             WHERE product_id = '{product}' AND locale = 'en'"
        ))
        .await;
        self.version(product).await
    }

    /// Waits until every transaction up to this one has ended: others' may be open, in other databases too.
    pub(crate) async fn horizon_above(&self, xid: Xid) {
        let sql = "SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8";
        let xid = xid.0.to_string();
        eventually("the horizon rises", async || {
            let row = self.client.query_one(sql, &[&xid]).await.unwrap();
            row.get::<_, bool>(0).then_some(())
        })
        .await;
    }

    /// Raises the version of a thing that stays the same.
    pub(crate) async fn raise_version(&self, kind: &str, id: Uuid) -> u64 {
        let sql = "UPDATE version SET version = version + 1, xid = pg_current_xact_id()
                   WHERE kind = $1::text::version_kind AND id = $2 RETURNING version";
        let row = self.client.query_one(sql, &[&kind, &id]).await.unwrap();
        u64::try_from(row.get::<_, i64>(0)).unwrap()
    }

    pub(crate) async fn version(&self, product: Uuid) -> u64 {
        let sql = "SELECT version FROM version WHERE kind = 'product' AND id = $1";
        let row = self.client.query_one(sql, &[&product]).await.unwrap();
        u64::try_from(row.get::<_, i64>(0)).unwrap()
    }
}
