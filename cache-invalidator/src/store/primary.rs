//! What the primary has of things that caches have otherwise.

use std::{collections::HashMap, time::Duration};

use catalog_core::{
    contract::memory::DocumentHash,
    freshness::{Epoch, Version},
    key::{EntityKey, Kind},
};
use deadpool_postgres::Pool;
use service_kit::postgres::InUse;
use tokio::time::timeout;
use tokio_postgres::Row;
use uuid::Uuid;

use super::StoreError;

const LIMIT: Duration = Duration::from_secs(5);

const ENTRIES: &str = "
    SELECT wanted.kind, wanted.id, h.epoch, v.version, d.document::text
    FROM unnest((SELECT $1::text[]), (SELECT $2::uuid[])) AS wanted(kind, id)
    CROSS JOIN history h
    CROSS JOIN pg_control_system() s
    JOIN incarnation i ON i.epoch = h.epoch AND i.system_identifier = s.system_identifier
    LEFT JOIN version v ON v.kind = wanted.kind::version_kind AND v.id = wanted.id
    LEFT JOIN product_document d ON wanted.kind = 'product' AND d.id = wanted.id";

/// The primary, asked for little.
#[derive(Debug)]
pub struct Primary(Pool);

/// Something as the primary has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrimaryEntry {
    /// The epoch, which stands there.
    pub epoch: Epoch,
    /// The version; 0 for what never existed.
    pub version: Version,
    /// Of a product's document, if there is one; `None` for other things, of which nothing is known.
    pub hash: Option<Option<DocumentHash>>,
}

impl Primary {
    /// The primary behind `pool`.
    pub fn new(pool: Pool) -> Self {
        Self(pool)
    }

    /// What it has of these; nothing while no epoch stands there, after a crash or a promotion.
    pub async fn entries(
        &self,
        keys: &[EntityKey],
    ) -> Result<HashMap<EntityKey, PrimaryEntry>, StoreError> {
        timeout(LIMIT, self.ask(keys)).await.unwrap_or(Err(StoreError::Timeout))
    }

    async fn ask(
        &self,
        keys: &[EntityKey],
    ) -> Result<HashMap<EntityKey, PrimaryEntry>, StoreError> {
        let kinds: Vec<&str> = keys.iter().map(|key| key.kind.as_str()).collect();
        let ids: Vec<Uuid> = keys.iter().map(|key| key.id).collect();
        let client = InUse::new(self.0.get().await?);
        let statement = client.prepare_cached(ENTRIES).await?;
        let rows = client.query(&statement, &[&kinds, &ids]).await;
        client.finish();
        rows?.iter().map(entry).collect()
    }
}

fn entry(row: &Row) -> Result<(EntityKey, PrimaryEntry), StoreError> {
    let kind: Kind = row.try_get::<_, &str>("kind")?.parse()?;
    let version: Option<i64> = row.try_get("version")?;
    let document: Option<&str> = row.try_get("document")?;
    let hash = document.map(|document| DocumentHash::of(document.as_bytes()));
    let entry = PrimaryEntry {
        epoch: Epoch(row.try_get::<_, i64>("epoch")?.cast_unsigned()),
        version: Version(version.unwrap_or(0).cast_unsigned()),
        hash: (kind == Kind::Product).then_some(hash),
    };
    Ok((EntityKey { kind, id: row.try_get("id")? }, entry))
}
