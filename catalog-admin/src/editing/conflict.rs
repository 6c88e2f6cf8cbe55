//! Values that must be unique and belong to another.

use uuid::Uuid;

use crate::category::ValidCategory;
use crate::error::{Error, Result};
use crate::product::ValidProduct;
use crate::store::lookup::{Found, owners, sku_owners};
use crate::store::{StoreError, Table, Transaction};
use crate::value::ExternalKey;

/// A value that belongs to another product or category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Where it stands in the caller's document.
    pub pointer: String,
    /// The value.
    pub value: String,
    /// `product` or `category`.
    pub kind: &'static str,
    /// Whose it is.
    pub owner: Uuid,
}

impl Taken {
    /// The member of a problem that names the owner.
    pub fn owner_member(&self) -> &'static str {
        if self.kind == "category" { "category_id" } else { "product_id" }
    }
}

/// Says whose the values are, when that is why a product was refused. The transaction is spent.
pub(super) async fn explain_product(
    tx: &Transaction,
    error: StoreError,
    id: Uuid,
    product: &ValidProduct,
) -> Error {
    match error.constraint() {
        Some("product_slug" | "product_external_key" | "variant_sku") => {
            or(owners_of_product(tx, id, product).await, error)
        }
        _ => error.into(),
    }
}

/// The same for a category.
pub(super) async fn explain_category(
    tx: &Transaction,
    error: StoreError,
    id: Uuid,
    category: &ValidCategory,
) -> Error {
    match error.constraint() {
        Some("category_slug" | "category_external_key") => {
            or(owners_of_category(tx, id, category).await, error)
        }
        Some("category_is_not_its_own_ancestor") => Error::CategoryCycle,
        _ => error.into(),
    }
}

/// The owners, or what failed when they are asked for. Nobody has it any more: the other one went
/// away after it had stood in the way, which is a race that was lost.
fn or(owners: Result<Vec<Taken>>, error: StoreError) -> Error {
    match (owners, error) {
        (Ok(owners), StoreError::Refused { cause, .. }) if owners.is_empty() => {
            StoreError::LostRace(cause).into()
        }
        (Ok(owners), _) => Error::Taken(owners),
        (Err(failed), _) => failed,
    }
}

async fn owners_of_product(
    tx: &Transaction,
    id: Uuid,
    product: &ValidProduct,
) -> Result<Vec<Taken>> {
    tx.restart().await?;
    let skus: Vec<&str> = product.variants.iter().map(|variant| variant.sku.as_str()).collect();
    let key = product.external_key.as_ref().map(ExternalKey::as_str);
    let mut owners = owners(tx, Table::Product, id, product.slug.as_str(), key).await?;
    owners.extend(sku_owners(tx, id, &skus).await?);
    let pointer = |found: &Found| match skus.iter().position(|sku| *sku == found.value) {
        Some(index) if found.by == "sku" => format!("/variants/{index}/sku"),
        _ => format!("/{}", found.by),
    };
    Ok(taken("product", owners, pointer))
}

async fn owners_of_category(
    tx: &Transaction,
    id: Uuid,
    category: &ValidCategory,
) -> Result<Vec<Taken>> {
    tx.restart().await?;
    let key = category.external_key.as_ref().map(ExternalKey::as_str);
    let owners = owners(tx, Table::Category, id, category.slug.as_str(), key).await?;
    Ok(taken("category", owners, |found| format!("/{}", found.by)))
}

fn taken(kind: &'static str, owners: Vec<Found>, pointer: impl Fn(&Found) -> String) -> Vec<Taken> {
    let named = owners.into_iter().map(|found| Taken {
        pointer: pointer(&found),
        kind,
        owner: found.id,
        value: found.value,
    });
    named.collect()
}
