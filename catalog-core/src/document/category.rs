//! A category whole, without the products in it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Translations;

/// A living category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryDocument {
    /// Its id, for good.
    pub id: Uuid,
    /// Its key in the system that it came from.
    pub external_key: Option<String>,
    /// Its name in addresses; unique among living categories.
    pub slug: String,
    /// The category above it.
    pub parent_id: Option<Uuid>,
    /// Where among its siblings; the least comes first.
    pub position: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Names and descriptions.
    pub translations: Translations,
}
