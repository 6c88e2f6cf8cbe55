//! Categories from the temporary tables into the catalog.

use super::rows::CategoryRows;
use super::staging;
use crate::store::{StoreError, Transaction};

const UPDATE: &str = "
    UPDATE category c SET
        external_key = s.external_key, slug = s.slug, parent_id = s.parent_id, position = s.position,
        deleted_at = NULL, updated_at = now()
    FROM staged_category s
    WHERE c.id = s.id AND NOT s.is_new";
const INSERT: &str = "
    INSERT INTO category (id, external_key, slug, parent_id, position)
    SELECT id, external_key, slug, parent_id, position FROM staged_category WHERE is_new";
const REMOVE_TRANSLATIONS: &str = "
    DELETE FROM category_translation t USING staged_category c
    WHERE t.category_id = c.id AND NOT c.is_new AND NOT EXISTS (
        SELECT FROM staged_translation s WHERE s.owner_id = t.category_id AND s.locale = t.locale)";
const PUT_TRANSLATIONS: &str = "
    INSERT INTO category_translation AS t (category_id, locale, name, description)
    SELECT s.owner_id, s.locale, s.name, s.description
    FROM staged_translation s JOIN staged_category c ON c.id = s.owner_id
    ON CONFLICT (category_id, locale) DO UPDATE SET name = excluded.name, description = excluded.description
    WHERE (t.name, t.description) IS DISTINCT FROM (excluded.name, excluded.description)";
/// Makes these categories stand as they are here.
pub async fn merge_categories(tx: &Transaction, rows: &CategoryRows<'_>) -> Result<(), StoreError> {
    if rows.categories.is_empty() {
        return Ok(());
    }
    staging::categories(tx, rows).await?;
    if rows.categories.iter().any(|row| !row.is_new) {
        tx.execute(UPDATE, &[]).await?;
        tx.execute(REMOVE_TRANSLATIONS, &[]).await?;
    }
    tx.execute(INSERT, &[]).await?;
    tx.execute(PUT_TRANSLATIONS, &[]).await?;
    Ok(())
}
