//! The table `price`.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A row, without its own and its product's id. The first four fields say which price it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PriceOfVariant {
    /// `variant_id`
    pub variant_id: Uuid,
    /// `channel`
    pub channel: String,
    /// `currency`
    pub currency: String,
    /// `valid_from`
    pub valid_from: Option<Timestamp>,
    /// `valid_until`
    pub valid_until: Option<Timestamp>,
    /// `amount`
    pub amount: i64,
    /// `compare_at`
    pub compare_at: Option<i64>,
}

/// Makes these the prices of all of the product's variants; rows that are so already are left alone.
pub async fn replace(
    tx: &Transaction,
    product: Uuid,
    rows: &[PriceOfVariant],
) -> Result<(), StoreError> {
    let delete = "
        DELETE FROM price p WHERE p.product_id = $1 AND NOT EXISTS (
            SELECT FROM jsonb_to_recordset($2) AS r (
                variant_id uuid, channel text, currency text, valid_from timestamptz)
            WHERE r.variant_id = p.variant_id AND r.channel = p.channel
              AND r.currency = p.currency AND r.valid_from IS NOT DISTINCT FROM p.valid_from)";
    let upsert = "
        INSERT INTO price AS p (product_id, variant_id, channel, currency, amount, compare_at,
                                valid_from, valid_until)
        SELECT $1, r.variant_id, r.channel, r.currency, r.amount, r.compare_at,
               r.valid_from, r.valid_until
        FROM jsonb_to_recordset($2) AS r (
            variant_id uuid, channel text, currency text, amount bigint, compare_at bigint,
            valid_from timestamptz, valid_until timestamptz)
        ON CONFLICT ON CONSTRAINT price_begins DO UPDATE
            SET amount = excluded.amount, compare_at = excluded.compare_at,
                valid_until = excluded.valid_until
            WHERE (p.amount, p.compare_at, p.valid_until)
                IS DISTINCT FROM (excluded.amount, excluded.compare_at, excluded.valid_until)";
    tx.execute(delete, &[&product, &Json(rows)]).await?;
    tx.execute(upsert, &[&product, &Json(rows)]).await.map(drop)
}
