//! Temporary tables, and COPY into them.

use futures::pin_mut;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

use super::rows::{CategoryRows, ProductRows};
use crate::store::{StoreError, Transaction};

/// A value of a column.
pub(super) type Cell<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// A row that can be copied. What is an enum in the catalog is text in the temporary tables.
pub(super) trait Staged {
    const COPY: &'static str;
    const TYPES: &'static [Type];

    fn cells(&self) -> Vec<Cell<'_>>;
}

/// Emptied at the end of each transaction, and gone with the session.
///
/// Plans are kept for the session, and those made while a table was empty would scan it when it has
/// grown, so scans are for tables without an index: the temporary ones. `jit` would compile plans that
/// then look dear, which costs more than running them.
const CREATE: &str = "
    SET LOCAL client_min_messages = warning;
    SET LOCAL jit = off;
    SET LOCAL enable_seqscan = off;
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_product (
        id uuid, is_new boolean, external_key text, slug text, status text, brand text, options text[],
        attributes jsonb, few_left_threshold integer, publish_at timestamptz, unpublish_at timestamptz
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_translation (
        owner_id uuid, locale text, name text, description text
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_variant (
        id uuid, product_id uuid, is_new boolean, sku text, barcode text, options jsonb, position integer
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_price (
        product_id uuid, variant_id uuid, channel text, currency text, amount bigint,
        compare_at bigint, valid_from timestamptz, valid_until timestamptz
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_stock (
        product_id uuid, variant_id uuid, location text, quantity integer
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_membership (
        product_id uuid, category_id uuid, position integer
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_media (
        id uuid, product_id uuid, variant_id uuid, position integer, kind text, url text, alt jsonb
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_relation (
        product_id uuid, related_id uuid, kind text, position integer
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_category (
        id uuid, is_new boolean, external_key text, slug text, parent_id uuid, position integer
    ) ON COMMIT DELETE ROWS";

/// Makes the temporary tables, unless this session has them.
pub async fn prepare(tx: &Transaction) -> Result<(), StoreError> {
    Ok(tx.client().batch_execute(CREATE).await?)
}

pub(super) async fn products(tx: &Transaction, rows: &ProductRows<'_>) -> Result<(), StoreError> {
    copy(tx, &rows.products).await?;
    copy(tx, &rows.translations).await?;
    copy(tx, &rows.variants).await?;
    copy(tx, &rows.prices).await?;
    copy(tx, &rows.stock).await?;
    copy(tx, &rows.memberships).await?;
    copy(tx, &rows.media).await?;
    copy(tx, &rows.relations).await
}

pub(super) async fn categories(
    tx: &Transaction,
    rows: &CategoryRows<'_>,
) -> Result<(), StoreError> {
    copy(tx, &rows.categories).await?;
    copy(tx, &rows.translations).await
}

async fn copy<R: Staged>(tx: &Transaction, rows: &[R]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let writer = BinaryCopyInWriter::new(tx.client().copy_in(R::COPY).await?, R::TYPES);
    pin_mut!(writer);
    for row in rows {
        writer.as_mut().write_raw(row.cells()).await?;
    }
    writer.finish().await?;
    Ok(())
}
