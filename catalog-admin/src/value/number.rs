use serde_json::Number;

use crate::field::{At, Fields, Wrong};

/// The greatest whole number that every JSON reader keeps exactly (RFC 8259, section 6).
pub const MOST_EXACT: i64 = 9_007_199_254_740_991;
/// One more: two to the power of 53, from which on doubles skip whole numbers.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// Whether every JSON reader keeps it as it is written, to the precision of doubles.
pub fn is_exact(number: &Number) -> bool {
    number.as_f64().is_some_and(|number| number.abs() < INEXACT)
}

/// An amount of money in minor units.
pub fn amount(given: i64, at: At<'_>, fields: &mut Fields) -> i64 {
    if !(0..=MOST_EXACT).contains(&given) {
        let detail = format!("must be minor units, from 0 to {MOST_EXACT}");
        fields.wrong(at, Wrong::Range, detail);
    }
    given
}

/// A whole number from `least` that fits the database's `integer`; `otherwise` when left out.
pub fn whole(
    given: Option<i64>,
    least: i32,
    otherwise: i32,
    at: At<'_>,
    fields: &mut Fields,
) -> i32 {
    let Some(given) = given else { return otherwise };
    match i32::try_from(given) {
        Ok(number) if number >= least => number,
        _ => {
            let detail = format!("must be a whole number from {least} to {}", i32::MAX);
            fields.wrong(at, Wrong::Range, detail);
            otherwise
        }
    }
}
