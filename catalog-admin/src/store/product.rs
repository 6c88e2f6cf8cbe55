//! The table `product`.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A row of `product`, without its times of creation and change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductRow {
    /// `id`
    pub id: Uuid,
    /// `external_key`
    pub external_key: Option<String>,
    /// `slug`
    pub slug: String,
    /// `status`
    pub status: &'static str,
    /// `brand`
    pub brand: Option<String>,
    /// `options`
    pub options: Vec<String>,
    /// `attributes`
    pub attributes: Value,
    /// `few_left_threshold`
    pub few_left_threshold: i64,
    /// `publish_at`
    pub publish_at: Option<Timestamp>,
    /// `unpublish_at`
    pub unpublish_at: Option<Timestamp>,
}

/// Adds a product.
pub async fn insert(tx: &Transaction, row: &ProductRow) -> Result<(), StoreError> {
    let statement = "
        INSERT INTO product (id, external_key, slug, status, brand, options, attributes,
                             few_left_threshold, publish_at, unpublish_at)
        SELECT r.id, r.external_key, r.slug, r.status, r.brand, r.options, r.attributes,
               r.few_left_threshold, r.publish_at, r.unpublish_at
        FROM jsonb_to_record($1) AS r (
            id uuid, external_key text, slug text, status product_status, brand text,
            options text[], attributes jsonb, few_left_threshold integer,
            publish_at timestamptz, unpublish_at timestamptz)";
    tx.execute(statement, &[&Json(row)]).await.map(drop)
}

/// Writes a product's own row, and that it was changed now.
pub async fn update(tx: &Transaction, row: &ProductRow) -> Result<(), StoreError> {
    let statement = "
        UPDATE product p SET
            external_key = r.external_key, slug = r.slug, status = r.status, brand = r.brand,
            options = r.options, attributes = r.attributes,
            few_left_threshold = r.few_left_threshold, publish_at = r.publish_at,
            unpublish_at = r.unpublish_at, updated_at = now()
        FROM jsonb_to_record($1) AS r (
            id uuid, external_key text, slug text, status product_status, brand text,
            options text[], attributes jsonb, few_left_threshold integer,
            publish_at timestamptz, unpublish_at timestamptz)
        WHERE p.id = r.id";
    tx.execute(statement, &[&Json(row)]).await.map(drop)
}
