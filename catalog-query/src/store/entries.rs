//! Entries as the database gives them: each with its version, and what its statement shows.

use catalog_core::{
    freshness::{Version, Xid},
    key::{EntityKey, SlugScope},
};
use deadpool_postgres::Object;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{
    Class, Place, Shown, Statement, StoreError, row::unsigned, shown::columns, xid::SqlXid,
};

/// One thing as the statement saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// What it is.
    pub key: EntityKey,
    /// 0 when it never existed.
    pub version: Version,
    /// The transaction that made the version; 0 when it never existed.
    pub xid: Xid,
    /// The document as JSON; `None` when it does not exist.
    pub document: Option<Box<str>>,
}

/// Things of one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// What the statement shows of its history.
    pub shown: Shown,
    /// What was asked for, found or not, in any order.
    pub rows: Vec<EntryRow>,
}

const CATEGORY: &str = "
SELECT 'category' AS kind, c.id, v.version, v.xid,
       (SELECT d.document::text FROM category_document d WHERE d.id = c.id) AS document
FROM named c LEFT JOIN version v ON v.kind = 'category' AND v.id = c.id";

const RULES: &str = "
SELECT 'rules' AS kind, r.id, v.version, v.xid, r.document::text AS document
FROM rules_document r LEFT JOIN version v ON v.kind = 'rules' AND v.id = r.id";

/// Products, with the categories that they are in and the catalog's rules: all that goes into them.
#[derive(Debug)]
pub struct Products<'a>(pub &'a [Uuid]);

impl Statement for Products<'_> {
    type Output = Batch;
    const CLASS: Class = Class::Entries;

    async fn run(&self, client: &Object, place: Place) -> Result<Batch, StoreError> {
        let entries = format!(
            "SELECT 'product' AS kind, w.id, v.version, v.xid,
                    (SELECT d.document::text FROM product_document d WHERE d.id = w.id) AS document
             FROM wanted w LEFT JOIN version v ON v.kind = 'product' AND v.id = w.id
             UNION ALL {CATEGORY} UNION ALL {RULES}"
        );
        let with = "wanted AS MATERIALIZED (SELECT DISTINCT unnest((SELECT $1::uuid[])) AS id),
                    named AS MATERIALIZED (SELECT DISTINCT m.category_id AS id
                                           FROM wanted w JOIN product_category m ON m.product_id = w.id)";
        batch(client, place, with, &entries, &[&self.0]).await
    }
}

/// Categories, with the catalog's rules.
#[derive(Debug)]
pub struct Categories<'a>(pub &'a [Uuid]);

impl Statement for Categories<'_> {
    type Output = Batch;
    const CLASS: Class = Class::Entries;

    async fn run(&self, client: &Object, place: Place) -> Result<Batch, StoreError> {
        let with = "named AS MATERIALIZED (SELECT DISTINCT unnest((SELECT $1::uuid[])) AS id)";
        let entries = format!("{CATEGORY} UNION ALL {RULES}");
        batch(client, place, with, &entries, &[&self.0]).await
    }
}

/// Who owns each of these slugs.
#[derive(Debug)]
pub struct Slugs<'a> {
    /// Whose slugs.
    pub scope: SlugScope,
    /// The slugs.
    pub slugs: &'a [&'a str],
}

impl Statement for Slugs<'_> {
    type Output = Batch;
    const CLASS: Class = Class::Entries;

    async fn run(&self, client: &Object, place: Place) -> Result<Batch, StoreError> {
        let with = "wanted AS MATERIALIZED (
            SELECT DISTINCT slug, lookup_id($2, slug) AS id FROM unnest((SELECT $1::text[])) AS w (slug))";
        let owner = match self.scope {
            SlugScope::Product => {
                "SELECT jsonb_build_object('product_id', p.id)::text FROM product p
                 WHERE p.slug = w.slug AND p.deleted_at IS NULL"
            }
            SlugScope::Category => {
                "SELECT jsonb_build_object('category_id', c.id)::text FROM category c
                 WHERE c.slug = w.slug AND c.deleted_at IS NULL"
            }
        };
        let entries = format!(
            "SELECT 'slug' AS kind, w.id, v.version, v.xid, ({owner}) AS document
             FROM wanted w LEFT JOIN version v ON v.kind = 'slug' AND v.id = w.id"
        );
        batch(client, place, with, &entries, &[&self.slugs, &self.scope.as_str()]).await
    }
}

/// Which living variant bears each of these SKUs.
#[derive(Debug)]
pub struct Skus<'a>(pub &'a [&'a str]);

impl Statement for Skus<'_> {
    type Output = Batch;
    const CLASS: Class = Class::Entries;

    async fn run(&self, client: &Object, place: Place) -> Result<Batch, StoreError> {
        let with = "wanted AS MATERIALIZED (
            SELECT DISTINCT sku, lookup_id('variant', sku) AS id FROM unnest((SELECT $1::text[])) AS w (sku))";
        let entries = "SELECT 'sku' AS kind, w.id, v.version, v.xid,
                 (SELECT jsonb_build_object('product_id', a.product_id, 'variant_id', a.id)::text
                  FROM variant a WHERE a.sku = w.sku AND a.deleted_at IS NULL) AS document
             FROM wanted w LEFT JOIN version v ON v.kind = 'sku' AND v.id = w.id";
        batch(client, place, with, entries, &[&self.0]).await
    }
}

/// One statement, so one snapshot, for everything in the batch and for what it shows.
async fn batch(
    client: &Object,
    place: Place,
    with: &str,
    entries: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Batch, StoreError> {
    let sql = format!(
        "WITH {with} SELECT {}, e.* FROM history h LEFT JOIN ({entries}) e ON true",
        columns(place)
    );
    let statement = client.prepare_cached(&sql).await?;
    let rows = client.query(&statement, parameters).await?;
    let shown = Shown::read(rows.first().ok_or(StoreError::NoHistory)?)?;
    let rows = rows.iter().filter_map(|row| entry(row).transpose()).collect::<Result<_, _>>()?;
    Ok(Batch { shown, rows })
}

fn entry(row: &tokio_postgres::Row) -> Result<Option<EntryRow>, StoreError> {
    let Some(kind) = row.try_get::<_, Option<&str>>("kind")? else { return Ok(None) };
    let key = EntityKey { kind: kind.parse()?, id: row.try_get("id")? };
    let document = row.try_get::<_, Option<&str>>("document")?.map(Box::from);
    // What never existed has no version row.
    if row.try_get::<_, Option<i64>>("version")?.is_none() {
        return Ok(Some(EntryRow { key, version: Version(0), xid: Xid(0), document }));
    }
    let version = Version(unsigned(row, "version")?);
    let xid = row.try_get::<_, SqlXid>("xid")?.0;
    Ok(Some(EntryRow { key, version, xid, document }))
}
