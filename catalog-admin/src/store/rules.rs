//! The catalog's rules.

use catalog_core::document::CatalogRules;

use super::{StoreError, Transaction};

/// Channels, locales and currencies.
pub async fn load(tx: &Transaction) -> Result<CatalogRules, StoreError> {
    let row = tx.row("SELECT document::text FROM rules_document", &[]).await?;
    let text: Option<&str> = row.as_ref().map(|row| row.get(0));
    Ok(serde_json::from_str(text.unwrap_or_default())?)
}
