//! The tables `product_translation` and `category_translation`.

use serde::Serialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A row of either, without its owner's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TranslationRow {
    /// `locale`
    pub locale: String,
    /// `name`
    pub name: String,
    /// `description`
    pub description: String,
}

/// Makes these the product's translations; rows that are so already are left alone.
pub async fn replace_product(
    tx: &Transaction,
    product: Uuid,
    rows: &[TranslationRow],
) -> Result<(), StoreError> {
    let delete = "
        DELETE FROM product_translation WHERE product_id = $1 AND locale <> ALL ($2)";
    let upsert = "
        INSERT INTO product_translation AS t (product_id, locale, name, description)
        SELECT $1, r.locale, r.name, r.description
        FROM jsonb_to_recordset($2) AS r (locale text, name text, description text)
        ON CONFLICT (product_id, locale) DO UPDATE
            SET name = excluded.name, description = excluded.description
            WHERE (t.name, t.description) IS DISTINCT FROM (excluded.name, excluded.description)";
    tx.execute(delete, &[&product, &locales(rows)]).await?;
    tx.execute(upsert, &[&product, &Json(rows)]).await.map(drop)
}

/// Makes these the category's translations; rows that are so already are left alone.
pub async fn replace_category(
    tx: &Transaction,
    category: Uuid,
    rows: &[TranslationRow],
) -> Result<(), StoreError> {
    let delete = "
        DELETE FROM category_translation WHERE category_id = $1 AND locale <> ALL ($2)";
    let upsert = "
        INSERT INTO category_translation AS t (category_id, locale, name, description)
        SELECT $1, r.locale, r.name, r.description
        FROM jsonb_to_recordset($2) AS r (locale text, name text, description text)
        ON CONFLICT (category_id, locale) DO UPDATE
            SET name = excluded.name, description = excluded.description
            WHERE (t.name, t.description) IS DISTINCT FROM (excluded.name, excluded.description)";
    tx.execute(delete, &[&category, &locales(rows)]).await?;
    tx.execute(upsert, &[&category, &Json(rows)]).await.map(drop)
}

fn locales(rows: &[TranslationRow]) -> Vec<&str> {
    rows.iter().map(|row| row.locale.as_str()).collect()
}
