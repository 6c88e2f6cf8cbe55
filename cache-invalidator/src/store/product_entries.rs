//! Products with what proves them.

use std::time::Duration;

use catalog_core::{
    contract::redis_entry::Body,
    freshness::{Epoch, Version, Xid},
};
use deadpool_postgres::Object;
use service_kit::postgres::InUse;
use tokio::time::{Instant, timeout};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Replica, Replicas, StoreError};

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

// One statement, so one snapshot: document, version, epoch and horizon belong together. The number of
// ids is hidden from the planner: where it sees it, each execution seems to need a plan of its own,
// which takes longer to make than to run.
const PRODUCT_ENTRIES: &str = "
    SELECT wanted.id, h.epoch, v.version, v.xid::text,
           pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, d.document::text
    FROM unnest((SELECT $1::uuid[])) AS wanted(id)
    CROSS JOIN history h
    LEFT JOIN version v ON v.kind = 'product' AND v.id = wanted.id
    LEFT JOIN product_document d ON d.id = wanted.id";

impl Replicas {
    /// The products with these ids, absent ones too, as one replica shows them. A replica that hangs
    /// leaves each of the others its share of the time until `deadline`.
    pub async fn product_entries(
        &self,
        ids: &[Uuid],
        deadline: Instant,
    ) -> Result<Vec<ProductEntry>, StoreError> {
        let mut failure = StoreError::Resting;
        for (replica, left) in self.in_turn().zip((1..=self.replicas.len()).rev()) {
            let share = u32::try_from(left).unwrap_or(u32::MAX);
            let limit = deadline.duration_since(Instant::now()) / share;
            match replica.product_entries(ids, limit).await {
                Err(StoreError::Resting) => {}
                Err(error) => failure = error,
                answered => return answered,
            }
        }
        Err(failure)
    }
}

impl Replica {
    async fn product_entries(
        &self,
        ids: &[Uuid],
        limit: Duration,
    ) -> Result<Vec<ProductEntry>, StoreError> {
        let now = || Instant::now().into_std();
        let permit = self.breaker.permit(now()).ok_or(StoreError::Resting)?;
        let answer = timeout(limit, self.ask(ids)).await.unwrap_or(Err(StoreError::Timeout));
        match &answer {
            Err(error) if error.is_the_servers() => permit.failed(now()),
            _ => permit.succeeded(),
        }
        answer
    }

    async fn ask(&self, ids: &[Uuid]) -> Result<Vec<ProductEntry>, StoreError> {
        let client = InUse::new(self.pool.get().await?);
        let rows = query(&client, ids).await;
        client.finish();
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
