//! A Redis that has kept, or brought back, what was lost.

use catalog_core::{
    contract::redis_entry::{Body, Keys},
    freshness::{Epoch, Version, Xid},
    key::EntityKey,
};
use devstack::Component;
use redis::AsyncCommands as _;
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Here, server::Server};

/// As `VITRINA_REDIS__KEY_PREFIX` is by default.
const PREFIX: &str = "vitrina";
const DOCUMENT: &str = "
    SELECT d.document::text, v.xid::text, pg_snapshot_xmin(pg_current_snapshot())::text
    FROM product_document d JOIN version v ON v.kind = 'product' AND v.id = d.id WHERE d.id = $1";

impl Here {
    /// Ends the first process, and whoever would have Redis drop it, and puts a body of this epoch, version
    /// and brand there, with a horizon of now and without a floor: nothing but its epoch tells that it was
    /// lost.
    pub(super) async fn keep_in_redis(
        &self,
        product: Uuid,
        epoch: Epoch,
        version: Version,
        brand: &str,
    ) {
        let addresses = self.stack.addresses();
        let primary = Server::connect(&addresses.replica.superuser).await;
        let row = primary.0.query_one(DOCUMENT, &[&product]).await.unwrap();
        let mut document: Value = serde_json::from_str(row.get(0)).unwrap();
        assert!(document.get("brand").is_some(), "{document}");
        document["brand"] = json!(brand);
        let document = document.to_string();
        let (xid, horizon) = (xid(&row, 1), xid(&row, 2));
        let lost = Body { epoch, version, xid, horizon, document: Some(document.as_bytes()) };
        for component in [Component::Invalidator, Component::QueryOne] {
            self.stack.kill(component).await;
        }
        let keys = Keys::new(PREFIX, &EntityKey::product(product));
        let client = redis::Client::open(addresses.redis.as_str()).unwrap();
        let mut redis = client.get_multiplexed_async_connection().await.unwrap();
        let () = redis.del(&[&keys.floor, &keys.lease]).await.unwrap();
        let () = redis.set(&keys.body, lost.encode()).await.unwrap();
    }
}

fn xid(row: &Row, column: usize) -> Xid {
    row.get::<_, &str>(column).parse().unwrap()
}
