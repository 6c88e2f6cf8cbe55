use catalog_core::document::{CategoryDocument, Translations};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::value::TranslationInput;

/// A category with everything that an editor may change, and what only the catalog does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CategoryOutput {
    /// Its id, for good.
    pub id: Uuid,
    /// Raised by every change.
    pub version: i64,
    /// Its key in the system that it came from.
    pub external_key: Option<String>,
    /// Its name in addresses.
    pub slug: String,
    /// The category above it.
    pub parent: Option<ParentReference>,
    /// Where among its siblings.
    pub position: i32,
    /// Names and descriptions by locale.
    #[schema(value_type = std::collections::BTreeMap<String, TranslationInput>)]
    pub translations: Translations,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A category by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParentReference {
    /// Its id.
    pub id: Uuid,
}

impl CategoryOutput {
    /// How a document in a version is answered.
    pub fn new(version: i64, document: CategoryDocument) -> Self {
        Self {
            id: document.id,
            version,
            external_key: document.external_key,
            slug: document.slug,
            parent: document.parent_id.map(|id| ParentReference { id }),
            position: document.position,
            translations: document.translations,
            created_at: document.created_at,
            updated_at: document.updated_at,
        }
    }
}
