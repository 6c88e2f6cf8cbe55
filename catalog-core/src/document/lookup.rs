//! Who owns a slug or bears a SKU: the documents of the lookup entries.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The living owner of a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlugOwner {
    /// A product.
    ProductId(Uuid),
    /// A category.
    CategoryId(Uuid),
}

/// The living variant that bears a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkuOwner {
    /// Whose variant.
    pub product_id: Uuid,
    /// Which one.
    pub variant_id: Uuid,
}
