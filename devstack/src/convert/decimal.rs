//! Prices from decimal text, without a float on the way.

/// `text`, such as `9.99`, in minor units of a currency with `exponent` digits behind the point;
/// nothing when it is negative, not a plain decimal, or finer than a minor unit.
pub(crate) fn minor_units(text: &str, exponent: usize) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits_alone = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || fraction.len() > exponent
        || !digits_alone(whole)
        || !digits_alone(fraction)
    {
        return None;
    }
    format!("{whole}{fraction:0<exponent$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_minor_units_to_the_last_digit() {
        for (text, expected) in [
            ("9.99", Some(999)),
            ("0.29", Some(29)),
            ("1.1", Some(110)),
            ("19", Some(1_900)),
            ("19.990", Some(1_999)),
            ("36999.99", Some(3_699_999)),
            ("9.999", None),
            ("-1", None),
            ("1e2", None),
            (".5", None),
            ("", None),
        ] {
            assert_eq!(minor_units(text, 2), expected, "{text}");
        }
        assert_eq!(minor_units("500", 0), Some(500));
        // As a float 1.005 * 1000 is 1004.9999999999999.
        assert_eq!(minor_units("1.005", 3), Some(1_005));
    }
}
