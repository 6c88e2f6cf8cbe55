use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

use crate::field::{At, Fields, Wrong};

/// What the database can write as RFC 3339, and keep to the microsecond.
const YEARS: std::ops::RangeInclusive<i16> = 2..=9998;

const EXPECTED: &str = "must be a moment with its offset, such as 2026-11-27T09:00:00Z";

/// A moment as RFC 3339 writes it, cut to the microsecond, which is what the database keeps.
pub fn moment(given: Option<String>, at: At<'_>, fields: &mut Fields) -> Option<Timestamp> {
    let parsed = parse(&given?);
    if parsed.is_none() {
        fields.wrong(at, Wrong::Format, EXPECTED);
    }
    parsed
}

/// The same where serde reads it.
pub fn read_moment<'de, D: Deserializer<'de>>(given: D) -> Result<Timestamp, D::Error> {
    parse(&String::deserialize(given)?).ok_or_else(|| D::Error::custom(EXPECTED))
}

fn parse(text: &str) -> Option<Timestamp> {
    text.parse().ok().and_then(to_microsecond)
}

fn to_microsecond(moment: Timestamp) -> Option<Timestamp> {
    // Downwards, also before 1970.
    let microsecond = moment.as_nanosecond().div_euclid(1_000);
    let cut = Timestamp::from_microsecond(i64::try_from(microsecond).ok()?).ok()?;
    let year = cut.to_zoned(jiff::tz::TimeZone::UTC).year();
    YEARS.contains(&year).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let mut fields = Fields::default();
        moment(Some(text.to_owned()), At::Root, &mut fields).map(|moment| moment.to_string())
    }

    #[test]
    fn moments_are_rfc_3339_and_cut_to_the_microsecond() {
        assert_eq!(read("2026-11-27T09:00:00Z").unwrap(), "2026-11-27T09:00:00Z");
        assert_eq!(read("2026-11-27T10:00:00+01:00").unwrap(), "2026-11-27T09:00:00Z");
        assert_eq!(read("2026-11-27T09:00:00.1234567Z").unwrap(), "2026-11-27T09:00:00.123456Z");
        for wrong in ["", "tomorrow", "2026-11-27", "2026-11-27T09:00:00", "2026-02-30T00:00:00Z"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read("9999-06-01T00:00:00Z"), None);
        assert_eq!(read("-000001-06-01T00:00:00Z"), None);
    }
}
