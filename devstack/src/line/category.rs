//! Categories and the words that they share with products.

use std::collections::BTreeMap;

use serde::Serialize;

/// Words by locale.
pub type Translations = BTreeMap<&'static str, Translation>;

/// A name and a description in one locale.
#[derive(Debug, Clone, Serialize)]
pub struct Translation {
    /// What it is called.
    pub name: String,
    /// What is said of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

impl Translation {
    /// A name alone.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: String::new() }
    }
}

/// Something named by its key in the system that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// That key.
    pub external_key: String,
}

impl Reference {
    /// What has that key.
    pub fn to(external_key: impl Into<String>) -> Self {
        Self { external_key: external_key.into() }
    }
}

/// A category.
#[derive(Debug, Serialize)]
pub struct CategoryLine {
    /// Its key in the system that it came from.
    pub external_key: String,
    /// Its name in addresses.
    pub slug: String,
    /// The category above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Reference>,
    /// Where among its siblings.
    pub position: usize,
    /// Its names.
    pub translations: Translations,
}
