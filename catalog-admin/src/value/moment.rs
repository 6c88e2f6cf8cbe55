use jiff::Timestamp;

use crate::field::{At, Fields, Wrong};

/// What the database can write as RFC 3339, and keep to the microsecond.
const YEARS: std::ops::RangeInclusive<i16> = 2..=9998;

/// A moment as RFC 3339 writes it, cut to the microsecond, which is what the database keeps.
pub fn moment(given: Option<String>, at: At<'_>, fields: &mut Fields) -> Option<Timestamp> {
    let parsed = given?.parse().ok().and_then(to_microsecond);
    if parsed.is_none() {
        let detail = "must be a moment with its offset, such as 2026-11-27T09:00:00Z";
        fields.wrong(at, Wrong::Format, detail);
    }
    parsed
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
