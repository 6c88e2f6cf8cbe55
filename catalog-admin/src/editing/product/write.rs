//! Writing the rows that differ.

use crate::store::stock::{self, StockRow};
use crate::store::{
    StoreError, Table, Transaction, media, membership, price, product, relation, translation,
    variant,
};

use super::rows::Rows;

/// Adds a product.
pub(super) async fn insert(
    tx: &Transaction,
    wanted: &Rows,
    stock: &[StockRow],
) -> Result<(), StoreError> {
    product::insert(tx, &wanted.product).await?;
    let nothing = Rows {
        product: wanted.product.clone(),
        translations: Vec::new(),
        variants: Vec::new(),
        prices: Vec::new(),
        memberships: Vec::new(),
        media: Vec::new(),
        relations: Vec::new(),
    };
    parts(tx, &nothing, wanted).await?;
    set_stock(tx, wanted, stock).await
}

/// Makes the current rows the wanted ones. A product that is so already stays in its version.
pub(super) async fn update(
    tx: &Transaction,
    current: &Rows,
    wanted: &Rows,
    stock: &[StockRow],
) -> Result<(), StoreError> {
    if current != wanted {
        product::update(tx, &wanted.product).await?;
        parts(tx, current, wanted).await?;
    }
    set_stock(tx, wanted, stock).await
}

/// Variants come before what refers to them.
async fn parts(tx: &Transaction, current: &Rows, wanted: &Rows) -> Result<(), StoreError> {
    let id = wanted.product.id;
    if current.translations != wanted.translations {
        translation::replace(tx, Table::Product, id, &wanted.translations).await?;
    }
    if current.variants != wanted.variants {
        variant::replace(tx, id, &wanted.variants).await?;
    }
    if current.prices != wanted.prices {
        price::replace(tx, id, &wanted.prices).await?;
    }
    if current.memberships != wanted.memberships {
        membership::replace(tx, id, &wanted.memberships).await?;
    }
    if current.media != wanted.media {
        media::replace(tx, id, &wanted.media).await?;
    }
    if current.relations != wanted.relations {
        relation::replace(tx, id, &wanted.relations).await?;
    }
    Ok(())
}

async fn set_stock(tx: &Transaction, wanted: &Rows, rows: &[StockRow]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    stock::set(tx, wanted.product.id, rows).await
}
