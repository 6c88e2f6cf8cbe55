use std::collections::BTreeSet;

use catalog_core::document::{CatalogRules, PriceRow};
use catalog_core::view::{Channel, Currency};

use crate::field::{At, Fields, Wrong};
use crate::value::{amount, at_most, moment};

use super::PriceInput;

const MOST: usize = 500;

/// Parses a variant's prices.
pub(super) fn prices(
    given: Option<Vec<PriceInput>>,
    rules: &CatalogRules,
    at: At<'_>,
    fields: &mut Fields,
) -> Vec<PriceRow> {
    let given = at_most(given.unwrap_or_default(), MOST, at, fields);
    let mut begun = BTreeSet::new();
    let mut prices = Vec::with_capacity(given.len());
    for (index, given) in given.into_iter().enumerate() {
        let at = at.element(index);
        let Some(price) = price(given, rules, at, fields) else { continue };
        if !begun.insert((price.channel, price.currency, price.valid_from)) {
            let detail = "has the channel, currency and valid_from of another price";
            fields.wrong(at, Wrong::Duplicate, detail);
        }
        prices.push(price);
    }
    prices
}

fn price(
    given: PriceInput,
    rules: &CatalogRules,
    at: At<'_>,
    fields: &mut Fields,
) -> Option<PriceRow> {
    let channel = channel(given.channel, rules, at.member("channel"), fields);
    let currency = currency(given.currency, rules, at.member("currency"), fields);
    let amount = amount_of(given.amount, given.compare_at, at, fields);
    let valid_from = moment(given.valid_from, at.member("valid_from"), fields);
    let valid_until = moment(given.valid_until, at.member("valid_until"), fields);
    if let (Some(from), Some(until)) = (valid_from, valid_until)
        && from >= until
    {
        fields.wrong(at.member("valid_until"), Wrong::Range, "must be after valid_from");
    }
    let (channel, currency, amount) = (channel?, currency?, amount?);
    Some(PriceRow {
        channel,
        currency,
        amount,
        compare_at: given.compare_at,
        valid_from,
        valid_until,
    })
}

fn amount_of(
    given: Option<i64>,
    compare_at: Option<i64>,
    at: At<'_>,
    fields: &mut Fields,
) -> Option<i64> {
    let Some(given) = given else {
        fields.wrong(at.member("amount"), Wrong::Required, "is required: minor units");
        return None;
    };
    let given = amount(given, at.member("amount"), fields);
    if let Some(compare_at) = compare_at {
        let at = at.member("compare_at");
        if amount(compare_at, at, fields) < given {
            fields.wrong(at, Wrong::Range, "must not be below amount");
        }
    }
    Some(given)
}

fn channel(
    given: Option<String>,
    rules: &CatalogRules,
    at: At<'_>,
    fields: &mut Fields,
) -> Option<Channel> {
    let known = || rules.channels.iter().map(|rule| rule.code.as_str());
    named("channel", given, known, at, fields).filter(|code| rules.has_channel(*code))
}

fn currency(
    given: Option<String>,
    rules: &CatalogRules,
    at: At<'_>,
    fields: &mut Fields,
) -> Option<Currency> {
    let known = || rules.currencies.iter().map(|rule| rule.code.as_str());
    named("currency", given, known, at, fields).filter(|code| rules.has_currency(*code))
}

/// A code that the catalog has; one that it has not is named, with those that it has.
fn named<'a, T, I>(
    what: &str,
    given: Option<String>,
    known: impl Fn() -> I,
    at: At<'_>,
    fields: &mut Fields,
) -> Option<T>
where
    T: std::str::FromStr,
    I: Iterator<Item = &'a str>,
{
    let Some(code) = given else {
        fields.wrong(at, Wrong::Required, format!("is required: a {what}"));
        return None;
    };
    if !known().any(|known| known == code) {
        let known: Vec<&str> = known().collect();
        let detail = format!("the catalog has no {what} `{code}`; it has {}", known.join(", "));
        fields.wrong(at, Wrong::UnknownName, detail);
        return None;
    }
    code.parse().ok()
}
