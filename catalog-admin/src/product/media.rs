use std::collections::{BTreeMap, BTreeSet};

use catalog_core::document::{CatalogRules, MediaKind};
use catalog_core::view::Locale;

use crate::field::{At, Fields, Wrong};
use crate::value::{Sku, at_most, locale, optional_text};

use super::{MediaInput, ValidMedia, ValidVariant};

const MOST: usize = 500;
const LONGEST_URL: usize = 2_048;
const LONGEST_ALT: usize = 2_000;

/// Parses pictures and films.
pub(super) fn media(
    given: Option<Vec<MediaInput>>,
    variants: &[ValidVariant],
    rules: &CatalogRules,
    at: At<'_>,
    fields: &mut Fields,
) -> Vec<ValidMedia> {
    let given = at_most(given.unwrap_or_default(), MOST, at, fields);
    let skus: BTreeSet<&Sku> = variants.iter().map(|variant| &variant.sku).collect();
    let parsed = given.into_iter().enumerate().filter_map(|(index, given)| {
        let at = at.element(index);
        let url = url(given.url, at.member("url"), fields);
        let alt = alt(given.alt.unwrap_or_default(), rules, at.member("alt"), fields);
        let variant_sku = shown(given.variant_sku, &skus, at.member("variant_sku"), fields);
        let kind = given.kind.unwrap_or(MediaKind::Image);
        Some(ValidMedia { kind, url: url?, alt, variant_sku })
    });
    parsed.collect()
}

fn url(given: Option<String>, at: At<'_>, fields: &mut Fields) -> Option<String> {
    let Some(url) = given else {
        fields.wrong(at, Wrong::Required, "is required");
        return None;
    };
    if !is_web_address(&url) {
        fields.wrong(at, Wrong::Format, "must be an address that begins with http:// or https://");
        return None;
    }
    if url.chars().count() > LONGEST_URL {
        let detail = format!("must have at most {LONGEST_URL} characters");
        fields.wrong(at, Wrong::Length, detail);
        return None;
    }
    Some(url)
}

fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !url.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn alt(
    given: BTreeMap<String, String>,
    rules: &CatalogRules,
    at: At<'_>,
    fields: &mut Fields,
) -> BTreeMap<Locale, String> {
    let parsed = given.into_iter().filter_map(|(code, text)| {
        let at = at.member(&code);
        let locale = locale(&code, rules, at, fields);
        let text = optional_text(Some(text), LONGEST_ALT, at, fields);
        Some((locale?, text?))
    });
    parsed.collect()
}

/// The variant that is shown, which must be one of the product's.
fn shown(
    given: Option<String>,
    skus: &BTreeSet<&Sku>,
    at: At<'_>,
    fields: &mut Fields,
) -> Option<Sku> {
    let sku = Sku::optional(given, at, fields)?;
    if !skus.contains(&sku) {
        fields.wrong(at, Wrong::UnknownName, format!("the product has no variant `{sku}`"));
        return None;
    }
    Some(sku)
}
