//! What is looked for: a key, and for lookups the text that the key is a digest of.

use std::sync::Arc;

use catalog_core::key::{EntityKey, SlugScope};
use uuid::Uuid;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A product.
    Product(Uuid),
    /// A category.
    Category(Uuid),
    /// The catalog's rules.
    Rules,
    /// Who owns a slug.
    Slug(SlugScope, Arc<str>),
    /// Which variant bears a SKU.
    Sku(Arc<str>),
}

impl Subject {
    /// Its key.
    pub fn key(&self) -> EntityKey {
        match self {
            Self::Product(id) => EntityKey::product(*id),
            Self::Category(id) => EntityKey::category(*id),
            Self::Rules => EntityKey::RULES,
            Self::Slug(scope, slug) => EntityKey::slug(*scope, slug),
            Self::Sku(sku) => EntityKey::sku(sku),
        }
    }
}
