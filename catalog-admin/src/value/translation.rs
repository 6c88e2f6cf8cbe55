use std::collections::BTreeMap;

use catalog_core::document::{CatalogRules, Translation, Translations};
use catalog_core::view::Locale;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::field::{At, Fields, Wrong};
use crate::json::read_from_objects;

use super::required_text;
use super::text::is_longer;

const LONGEST_NAME: usize = 1_000;
const LONGEST_DESCRIPTION: usize = 200_000;

/// Names and descriptions by locale.
pub type TranslationsInput = BTreeMap<String, TranslationInput>;

read_from_objects!(TranslationInput);

/// A product's or category's words in one locale.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct TranslationInput {
    /// What it is called; up to 1,000 characters.
    #[schema(required = true, nullable = false)]
    pub name: Option<String>,
    /// What is said of it; up to 200,000 characters.
    pub description: Option<String>,
}

/// Parses names and descriptions; at least one locale must be there.
pub fn translations(
    given: Option<TranslationsInput>,
    rules: &CatalogRules,
    at: At<'_>,
    fields: &mut Fields,
) -> Translations {
    let given = given.unwrap_or_default();
    if given.is_empty() {
        fields.wrong(at, Wrong::Required, "takes a name in at least one locale");
    }
    let parsed = given.into_iter().filter_map(|(code, words)| {
        let at = at.member(&code);
        let locale = locale(&code, rules, at, fields);
        let words = translation(words, at, fields);
        Some((locale?, words?))
    });
    parsed.collect()
}

fn translation(given: TranslationInput, at: At<'_>, fields: &mut Fields) -> Option<Translation> {
    let name = required_text(given.name, LONGEST_NAME, at.member("name"), fields);
    let description = given.description.unwrap_or_default();
    if is_longer(&description, LONGEST_DESCRIPTION) {
        let detail = format!("must have at most {LONGEST_DESCRIPTION} characters");
        fields.wrong(at.member("description"), Wrong::Length, detail);
    }
    Some(Translation { name: name?, description })
}

/// A locale that the catalog has.
pub fn locale(code: &str, rules: &CatalogRules, at: At<'_>, fields: &mut Fields) -> Option<Locale> {
    let locale = code.parse().ok().filter(|locale| rules.has_locale(*locale));
    if locale.is_none() {
        let known: Vec<&str> = rules.locales.iter().map(|rule| rule.code.as_str()).collect();
        let detail = format!("the catalog has no locale `{code}`; it has {}", known.join(", "));
        fields.wrong(at, Wrong::UnknownName, detail);
    }
    locale
}
