use crate::store::{StoreError, Table, Transaction, category, translation};

use super::examine::Rows;

/// Adds a category.
pub(super) async fn insert(tx: &Transaction, wanted: &Rows) -> Result<(), StoreError> {
    category::insert(tx, &wanted.category).await?;
    words(tx, wanted).await
}

/// Makes the current rows the wanted ones. A category that is so already stays in its version.
pub(super) async fn update(
    tx: &Transaction,
    current: &Rows,
    wanted: &Rows,
) -> Result<(), StoreError> {
    if current == wanted {
        return Ok(());
    }
    category::update(tx, &wanted.category).await?;
    words(tx, wanted).await
}

async fn words(tx: &Transaction, wanted: &Rows) -> Result<(), StoreError> {
    translation::replace(tx, Table::Category, wanted.category.id, &wanted.translations).await
}
