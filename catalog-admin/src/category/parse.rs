use catalog_core::document::{CatalogRules, Translations};
use serde_json::Value;

use crate::field::{At, FieldError, Fields};
use crate::json;
use crate::value::{ExternalKey, Reference, Slug, reference, translations, whole};

use super::CategoryInput;

/// A valid category. Its parent is still to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidCategory {
    /// Its key in the system that it came from.
    pub external_key: Option<ExternalKey>,
    /// Its name in addresses.
    pub slug: Slug,
    /// The category above it.
    pub parent: Option<Reference>,
    /// Where among its siblings.
    pub position: i32,
    /// Names and descriptions; at least one.
    pub translations: Translations,
}

/// Reads and parses a category; tells every field that is wrong, whether by its type or its value.
pub fn read(document: Value, rules: &CatalogRules) -> Result<ValidCategory, Vec<FieldError>> {
    let mut fields = Fields::default();
    let input: CategoryInput = json::read(document, &mut fields);
    match parse(input, rules) {
        Ok(category) => fields.finish(category),
        Err(errors) => {
            fields.extend(errors);
            Err(fields.into_errors())
        }
    }
}

/// Parses a category that has been read; tells every field that is wrong.
pub fn parse(given: CategoryInput, rules: &CatalogRules) -> Result<ValidCategory, Vec<FieldError>> {
    let mut fields = Fields::default();
    let category = category(given, rules, &mut fields);
    match category {
        Some(category) => fields.finish(category),
        None => Err(fields.into_errors()),
    }
}

fn category(
    given: CategoryInput,
    rules: &CatalogRules,
    fields: &mut Fields,
) -> Option<ValidCategory> {
    let root = At::Root;
    let external_key =
        ExternalKey::optional(given.external_key, root.member("external_key"), fields);
    let slug = Slug::required(given.slug, root.member("slug"), fields);
    let parent = given.parent.and_then(|given| reference(given, root.member("parent"), fields));
    let position = whole(given.position, i32::MIN, 0, root.member("position"), fields);
    let translations = translations(given.translations, rules, root.member("translations"), fields);
    Some(ValidCategory { external_key, slug: slug?, parent, position, translations })
}
