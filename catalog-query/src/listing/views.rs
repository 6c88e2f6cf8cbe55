//! What lists look like to storefronts.

use catalog_core::render::{CategoryView, ProductView};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of products.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductPage {
    /// The products in order.
    pub items: Vec<ProductView>,
    /// Asks for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// A category in the tree, in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CategoryNode {
    /// Its id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// What it is called in the view's locale, by the catalog's fallbacks.
    pub name: String,
    /// The categories below it, in order.
    #[schema(no_recursion)]
    pub children: Vec<CategoryNode>,
}

/// The categories as a tree.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CategoryTreeView {
    /// Those at the top, in order.
    pub items: Vec<CategoryNode>,
}

/// A category that another one's answer points to, in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CategoryReference {
    /// Its id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// What it is called in the view's locale, by the catalog's fallbacks.
    pub name: String,
}

/// A category in its place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlacedCategory {
    /// The category itself.
    #[serde(flatten)]
    pub category: CategoryView,
    /// The categories above it, from the top down.
    pub path: Vec<CategoryReference>,
    /// The categories just below it, in order.
    pub children: Vec<CategoryReference>,
}
