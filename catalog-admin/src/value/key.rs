use std::fmt;

use serde::Deserialize;

use crate::field::{At, Fields, Wrong};

use super::text::is_longer;

const LONGEST: usize = 200;

macro_rules! key {
    ($(#[$doc:meta])* $name:ident, $valid:expr, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(text).ok_or(concat!("must be ", $expected))
            }
        }

        impl $name {
            /// The text, if it has the form.
            pub fn new(text: String) -> Option<Self> {
                let form: fn(&str) -> bool = $valid;
                (!is_longer(&text, LONGEST) && form(&text)).then_some(Self(text))
            }

            /// Parses a field; `None` when it is left out, or wrong and noted.
            pub fn optional(
                given: Option<String>,
                at: At<'_>,
                fields: &mut Fields,
            ) -> Option<Self> {
                let parsed = Self::new(given?);
                if parsed.is_none() {
                    fields.wrong(at, Wrong::Format, concat!("must be ", $expected));
                }
                parsed
            }

            /// Parses a field that must be there.
            pub fn required(
                given: Option<String>,
                at: At<'_>,
                fields: &mut Fields,
            ) -> Option<Self> {
                if given.is_none() {
                    fields.wrong(at, Wrong::Required, concat!("is required: ", $expected));
                }
                Self::optional(given, at, fields)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

key! {
    /// A name in addresses: `wool-sock-2`.
    Slug,
    is_slug,
    "1 to 200 of a-z and 0-9, in words joined by single hyphens, such as wool-sock-2"
}
key! {
    /// What names a sellable thing in the warehouse; compared byte by byte.
    Sku,
    is_key,
    "1 to 200 characters without control characters, and without spaces at its ends"
}
key! {
    /// A key in the system that the document came from.
    ExternalKey,
    is_key,
    "1 to 200 characters without control characters, and without spaces at its ends"
}

fn is_slug(text: &str) -> bool {
    text.split('-').all(|word| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_words_joined_by_single_hyphens() {
        for good in ["a", "wool-sock-2", "0", &"a".repeat(200)] {
            assert!(Slug::new(good.to_owned()).is_some(), "{good}");
        }
        for bad in ["", "-", "a-", "-a", "a--b", "A", "ä", "a b", "a_b", &"a".repeat(201)] {
            assert!(Slug::new(bad.to_owned()).is_none(), "{bad}");
        }
    }

    #[test]
    fn keys_are_visible_at_both_ends() {
        for good in ["a", "SKU 1", "ärmel/7", &"ä".repeat(200)] {
            assert!(Sku::new(good.to_owned()).is_some(), "{good}");
        }
        for bad in ["", " ", "a ", "\ta", "a\nb", "a\u{7f}", "\u{a0}a", &"ä".repeat(201)] {
            assert!(Sku::new(bad.to_owned()).is_none(), "{bad:?}");
        }
    }
}
