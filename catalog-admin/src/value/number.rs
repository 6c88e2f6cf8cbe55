use crate::field::{At, Fields, Wrong};

/// The greatest whole number that every JSON reader keeps exactly (RFC 8259, section 6).
const MOST_MINOR_UNITS: i64 = 9_007_199_254_740_991;

/// An amount of money in minor units.
pub fn amount(given: i64, at: At<'_>, fields: &mut Fields) -> i64 {
    if !(0..=MOST_MINOR_UNITS).contains(&given) {
        let detail = format!("must be minor units, from 0 to {MOST_MINOR_UNITS}");
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
