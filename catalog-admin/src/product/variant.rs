use std::collections::{BTreeMap, BTreeSet};

use catalog_core::document::CatalogRules;

use crate::field::{At, Fields, Wrong};
use crate::value::{Sku, at_most, optional_text, required_text, whole};

use super::price::prices;
use super::{StockInput, StockLevel, ValidVariant, VariantInput};

const MOST: usize = 1_000;
const MOST_LOCATIONS: usize = 200;
const LONGEST_BARCODE: usize = 64;
const LONGEST_LOCATION: usize = 100;
const LONGEST_OPTION_VALUE: usize = 200;

/// Parses a product's variants.
pub(super) fn variants(
    given: Option<Vec<VariantInput>>,
    options: &[String],
    rules: &CatalogRules,
    at: At<'_>,
    fields: &mut Fields,
) -> Vec<ValidVariant> {
    let given = at_most(given.unwrap_or_default(), MOST, at, fields);
    let mut skus = BTreeSet::new();
    let mut chosen = BTreeMap::new();
    let mut variants = Vec::with_capacity(given.len());
    for (index, given) in given.into_iter().enumerate() {
        let at = at.element(index);
        let Some(variant) = variant(given, options, rules, at, fields) else { continue };
        if !skus.insert(variant.sku.clone()) {
            let detail = format!("`{}` is another variant's", variant.sku);
            fields.wrong(at.member("sku"), Wrong::Duplicate, detail);
        }
        let same = chosen.insert(variant.options.clone(), index);
        if let Some(first) = same.filter(|_| !options.is_empty()) {
            let detail = format!("are those of the variant {first}");
            fields.wrong(at.member("options"), Wrong::Duplicate, detail);
        }
        variants.push(variant);
    }
    variants
}

fn variant(
    given: VariantInput,
    options: &[String],
    rules: &CatalogRules,
    at: At<'_>,
    fields: &mut Fields,
) -> Option<ValidVariant> {
    let sku = Sku::required(given.sku, at.member("sku"), fields);
    let barcode = optional_text(given.barcode, LONGEST_BARCODE, at.member("barcode"), fields);
    let options = chosen(given.options, options, at.member("options"), fields);
    let prices = prices(given.prices, rules, at.member("prices"), fields);
    let stock = given.stock.map(|given| stock(given, at.member("stock"), fields));
    Some(ValidVariant { sku: sku?, barcode, options, prices, stock })
}

/// A value for each of the product's options, and for nothing else.
fn chosen(
    given: Option<BTreeMap<String, String>>,
    options: &[String],
    at: At<'_>,
    fields: &mut Fields,
) -> BTreeMap<String, String> {
    let given = given.unwrap_or_default();
    for name in options {
        if !given.contains_key(name) {
            let detail = format!("takes a value for the option `{name}`");
            fields.wrong(at.member(name), Wrong::Required, detail);
        }
    }
    for (name, value) in &given {
        let at = at.member(name);
        if !options.contains(name) {
            fields.wrong(at, Wrong::UnknownName, format!("the product has no option `{name}`"));
        }
        required_text(Some(value.clone()), LONGEST_OPTION_VALUE, at, fields);
    }
    given
}

fn stock(given: Vec<StockInput>, at: At<'_>, fields: &mut Fields) -> Vec<StockLevel> {
    let given = at_most(given, MOST_LOCATIONS, at, fields);
    let mut named = BTreeSet::new();
    let mut levels = Vec::with_capacity(given.len());
    for (index, given) in given.into_iter().enumerate() {
        let at = at.element(index);
        if given.quantity.is_none() {
            fields.wrong(at.member("quantity"), Wrong::Required, "is required");
        }
        let quantity = whole(given.quantity, 0, 0, at.member("quantity"), fields);
        let location =
            required_text(given.location, LONGEST_LOCATION, at.member("location"), fields);
        let Some(location) = location else { continue };
        if !named.insert(location.clone()) {
            fields.wrong(at.member("location"), Wrong::Duplicate, "is named before");
        }
        levels.push(StockLevel { location, quantity });
    }
    levels
}
