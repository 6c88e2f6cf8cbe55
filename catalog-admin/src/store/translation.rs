//! The tables `product_translation` and `category_translation`.

use serde::Serialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{StoreError, Table, Transaction};

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

/// Makes these the owner's translations; rows that are so already are left alone.
pub async fn replace(
    tx: &Transaction,
    of: Table,
    owner: Uuid,
    rows: &[TranslationRow],
) -> Result<(), StoreError> {
    let name = of.name();
    let delete =
        format!("DELETE FROM {name}_translation WHERE {name}_id = $1 AND locale <> ALL ($2)");
    let upsert = format!(
        "INSERT INTO {name}_translation AS t ({name}_id, locale, name, description)
        SELECT $1, r.locale, r.name, r.description
        FROM jsonb_to_recordset($2) AS r (locale text, name text, description text)
        ON CONFLICT ({name}_id, locale) DO UPDATE
            SET name = excluded.name, description = excluded.description
            WHERE (t.name, t.description) IS DISTINCT FROM (excluded.name, excluded.description)"
    );
    let locales: Vec<&str> = rows.iter().map(|row| row.locale.as_str()).collect();
    tx.execute(&delete, &[&owner, &locales]).await?;
    tx.execute(&upsert, &[&owner, &Json(rows)]).await.map(drop)
}
