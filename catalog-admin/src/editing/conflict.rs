//! Values that must be unique and belong to another.

use uuid::Uuid;

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
