//! Products with what proves them.

use std::time::Duration;

use catalog_core::{
    contract::redis_entry::Body,
    freshness::{Epoch, Version, Xid},
};
use deadpool_postgres::Object;
use tokio::time::timeout;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Replicas, StoreError};

/// A product as one snapshot shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductEntry {
    /// Which.
    pub id: Uuid,
    epoch: Epoch,
    version: Version,
    xid: Xid,
    horizon: Xid,
    document: Option<String>,
}

/// A replica that hangs must not hold up the refills that another could serve.
const LIMIT: Duration = Duration::from_secs(1);

// One statement, so one snapshot: document, version, epoch and horizon belong together.
const PRODUCT_ENTRIES: &str = "
    SELECT wanted.id, h.epoch, v.version, v.xid::text,
           pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, d.document::text
    FROM unnest($1::uuid[]) AS wanted(id)
    CROSS JOIN history h
    LEFT JOIN version v ON v.kind = 'product' AND v.id = wanted.id
    LEFT JOIN product_document d ON d.id = wanted.id";

impl Replicas {
    /// The products with these ids, absent ones too, as one replica shows them.
    pub async fn product_entries(&self, ids: &[Uuid]) -> Result<Vec<ProductEntry>, StoreError> {
        let client = self.pick().get().await?;
        let Ok(rows) = timeout(LIMIT, query(&client, ids)).await else {
            // It is still busy with the statement, so nobody else may have it.
            drop(Object::take(client));
            return Err(StoreError::Timeout);
        };
        rows?.iter().map(ProductEntry::from_row).collect()
    }
}

async fn query(client: &Object, ids: &[Uuid]) -> Result<Vec<Row>, StoreError> {
    let statement = client.prepare_cached(PRODUCT_ENTRIES).await?;
    Ok(client.query(&statement, &[&ids]).await?)
}

impl ProductEntry {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let version: Option<i64> = row.try_get("version")?;
        let xid: Option<&str> = row.try_get("xid")?;
        Ok(Self {
            id: row.try_get("id")?,
            epoch: Epoch(row.try_get::<_, i64>("epoch")?.cast_unsigned()),
            version: Version(version.unwrap_or(0).cast_unsigned()),
            xid: xid.unwrap_or("0").parse()?,
            horizon: row.try_get::<_, &str>("horizon")?.parse()?,
            document: row.try_get("document")?,
        })
    }

    /// Whether it is at least of this epoch and version.
    pub fn reaches(&self, epoch: Epoch, version: Version) -> bool {
        (self.epoch, self.version) >= (epoch, version)
    }

    /// As it stands in Redis.
    pub fn body(&self) -> Body<'_> {
        Body {
            epoch: self.epoch,
            version: self.version,
            xid: self.xid,
            horizon: self.horizon,
            document: self.document.as_deref().map(str::as_bytes),
        }
    }
}
