//! A category as a storefront sees it.

use serde::Serialize;
use uuid::Uuid;

use crate::{
    document::{CatalogRules, CategoryDocument, Translation, Translations},
    freshness::Version,
    view::Locale,
};

/// A category in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryView {
    /// Its id.
    pub id: Uuid,
    /// In which version.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub version: Version,
    /// Its name in addresses.
    pub slug: String,
    /// The category above it.
    pub parent_id: Option<Uuid>,
    /// Where among its siblings.
    pub position: i32,
    /// The locale of the words, after falling back.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub locale: Locale,
    /// What it is called.
    pub name: String,
    /// What is said of it.
    pub description: String,
}

/// Renders a category in `locale`.
pub fn render_category(
    document: &CategoryDocument,
    version: Version,
    rules: &CatalogRules,
    locale: Locale,
) -> CategoryView {
    let (locale, words) = words(&document.translations, rules, locale);
    CategoryView {
        id: document.id,
        version,
        slug: document.slug.clone(),
        parent_id: document.parent_id,
        position: document.position,
        locale,
        name: words.map_or_else(|| document.slug.clone(), |words| words.name.clone()),
        description: words.map(|words| words.description.clone()).unwrap_or_default(),
    }
}

/// The best words for `locale` by the catalog's rules; any at all when no fallback has some.
pub(super) fn words<'a>(
    translations: &'a Translations,
    rules: &CatalogRules,
    locale: Locale,
) -> (Locale, Option<&'a Translation>) {
    rules
        .fallbacks(locale)
        .into_iter()
        .find_map(|code| translations.get(&code).map(|words| (code, Some(words))))
        .or_else(|| translations.iter().next().map(|(code, words)| (*code, Some(words))))
        .unwrap_or((locale, None))
}
