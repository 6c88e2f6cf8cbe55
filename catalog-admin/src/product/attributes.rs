use std::collections::BTreeMap;

use catalog_core::document::{AttributeValue, Attributes};
use serde_json::{Number, Value};

use crate::field::{At, Fields, Wrong};
use crate::value::{MOST_EXACT, count, is_exact};

const MOST: usize = 200;
const LONGEST_NAME: usize = 100;
const LONGEST_TEXT: usize = 10_000;
const LONGEST_UNIT: usize = 50;
const MOST_TEXTS: usize = 200;

/// Parses typed attributes: the JSON type of a value is its type.
pub(super) fn attributes(
    given: Option<BTreeMap<String, Value>>,
    at: At<'_>,
    fields: &mut Fields,
) -> Attributes {
    let given = given.unwrap_or_default();
    count(given.len(), MOST, at, fields);
    let parsed = given.into_iter().take(MOST).filter_map(|(name, value)| {
        let at = at.member(&name);
        if name.trim().is_empty() || is_long(&name, LONGEST_NAME) {
            let detail = format!("an attribute's name has 1 to {LONGEST_NAME} characters");
            fields.wrong(at, Wrong::Length, detail);
        }
        let value = attribute(value, at, fields)?;
        Some((name, value))
    });
    parsed.collect()
}

fn attribute(value: Value, at: At<'_>, fields: &mut Fields) -> Option<AttributeValue> {
    let is_list = value.is_array();
    let parsed = serde_json::from_value(value).ok();
    // Serde would take a list of a number and a text for a measure.
    let parsed = parsed.filter(|parsed| !(is_list && matches!(parsed, AttributeValue::Measure(_))));
    let Some(parsed) = parsed else {
        let detail = "must be a text, a number, true or false, a list of texts, \
                      or an object of value (a number) and unit (a text)";
        fields.wrong(at, Wrong::Type, detail);
        return None;
    };
    let too_long = |longest| format!("must have at most {longest} characters");
    match &parsed {
        AttributeValue::Text(text) if is_long(text, LONGEST_TEXT) => {
            fields.wrong(at, Wrong::Length, too_long(LONGEST_TEXT));
        }
        AttributeValue::List(texts) => {
            count(texts.len(), MOST_TEXTS, at, fields);
            let long = texts.iter().position(|text| is_long(text, LONGEST_TEXT));
            if let Some(index) = long {
                fields.wrong(at.element(index), Wrong::Length, too_long(LONGEST_TEXT));
            }
        }
        AttributeValue::Measure(measure) => {
            exact(&measure.value, at.member("value"), fields);
            if is_long(&measure.unit, LONGEST_UNIT) {
                fields.wrong(at.member("unit"), Wrong::Length, too_long(LONGEST_UNIT));
            }
        }
        AttributeValue::Number(number) => exact(number, at, fields),
        AttributeValue::Flag(_) | AttributeValue::Text(_) => {}
    }
    Some(parsed)
}

/// A number that some reader would round is noted: it would come back as another.
fn exact(number: &Number, at: At<'_>, fields: &mut Fields) {
    if !is_exact(number) {
        let detail =
            format!("must be from -{MOST_EXACT} to {MOST_EXACT}; write longer ones as text");
        fields.wrong(at, Wrong::Range, detail);
    }
}

fn is_long(text: &str, longest: usize) -> bool {
    text.len() > longest && text.chars().count() > longest
}
