//! What a storefront asks for: channel, locale and currency.

use std::{
    borrow::Borrow,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use serde::{Deserialize, Serialize, de};

const CODE_CAPACITY: usize = 15;

/// A short code kept inline, so that a view is copied and compared without following a pointer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Code {
    bytes: [u8; CODE_CAPACITY],
    length: u8,
}

impl Code {
    fn new(text: &str, allowed: fn(u8) -> bool) -> Option<Self> {
        let length = u8::try_from(text.len()).ok()?;
        if text.is_empty() || text.len() > CODE_CAPACITY || !text.bytes().all(allowed) {
            return None;
        }
        let mut bytes = [0; CODE_CAPACITY];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Self { bytes, length })
    }

    fn number(self) -> u128 {
        let mut bytes = [self.length; CODE_CAPACITY + 1];
        bytes[..CODE_CAPACITY].copy_from_slice(&self.bytes);
        u128::from_ne_bytes(bytes)
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)])
            .expect("only ASCII is admitted by every code's constructor")
    }
}

/// Each code as one number: a code alone hashes as text, because it is looked up by text.
impl Hash for View {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for code in [self.channel.0, self.locale.0, self.currency.0] {
            state.write_u128(code.number());
        }
    }
}

impl Hash for Code {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

/// A code that has not the form of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct MalformedCode {
    text: String,
    expected: &'static str,
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $allowed:expr, $valid:expr, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Code);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl FromStr for $name {
            type Err = MalformedCode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Code::new(text, $allowed)
                    .filter(|code| ($valid)(code.as_str()))
                    .map(Self)
                    .ok_or_else(|| MalformedCode { text: text.to_owned(), expected: $expected })
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

code! {
    /// Where products are sold: `web`, `pos`, …
    Channel,
    |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_',
    |_: &str| true,
    "a channel: 1 to 15 of a-z, 0-9, - and _"
}
code! {
    /// A language, with script or region where that matters: `en`, `de`, `zh-Hant-TW` (BCP 47).
    Locale,
    |byte| byte.is_ascii_alphanumeric() || byte == b'-',
    |text: &str| text.split('-').all(|subtag| (2..=8).contains(&subtag.len())),
    "a locale such as en or de-AT"
}
code! {
    /// A currency's ISO 4217 code: `EUR`.
    Currency,
    |byte| byte.is_ascii_uppercase(),
    |text: &str| text.len() == 3,
    "a currency: three capital letters such as EUR"
}

/// What a storefront asks for; with a product's id it is the key of a rendered entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct View {
    /// Whose prices.
    pub channel: Channel,
    /// In which language, falling back by the catalog's rules.
    pub locale: Locale,
    /// In which currency.
    pub currency: Currency,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.channel, self.locale, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_the_malformed_are_refused() {
        assert_eq!("zh-Hant-TW".parse::<Locale>().unwrap().to_string(), "zh-Hant-TW");
        assert_eq!("EUR".parse::<Currency>().unwrap().as_str(), "EUR");
        assert_eq!("pos_2".parse::<Channel>().unwrap().as_str(), "pos_2");
        for wrong in ["", "eur", "EURO", "EU", "E R", "ÄUR"] {
            assert!(wrong.parse::<Currency>().is_err(), "{wrong}");
        }
        for wrong in ["", "e", "de_AT", "de-", "a-very-long-locale"] {
            assert!(wrong.parse::<Locale>().is_err(), "{wrong}");
        }
        assert!("Web".parse::<Channel>().is_err());
    }
}
