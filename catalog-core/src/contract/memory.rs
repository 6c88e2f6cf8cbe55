//! What a pod of catalog-query tells of its memory, on its operations port: `GET /debug/memory?keys=…`, with
//! keys such as `product:<uuid>`, commas between them. Asking loads nothing.

use std::{fmt::Display, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    freshness::{Epoch, Version},
    key::EntityKey,
};

/// The path.
pub const PATH: &str = "/debug/memory";
/// The parameter with the keys.
pub const KEYS: &str = "keys";
/// So many keys may be asked for at once.
pub const MOST_KEYS: usize = 100;

/// What memory has of the keys that were asked for; of products, each view by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// In the order of the keys. What memory does not have is left out.
    pub entries: Vec<Remembered>,
}

/// One thing as memory has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// What it is.
    #[serde(with = "text")]
    pub key: EntityKey,
    /// Of a product: channel, locale and currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// The epoch that its snapshots showed.
    pub epoch: Epoch,
    /// The version that it was loaded in.
    pub version: Version,
    /// Of the document that it was made of; `None` when there is no such thing.
    pub hash: Option<DocumentHash>,
    /// Since when it is certain to have been current, in milliseconds before the answer; `None` when it
    /// never was proven.
    pub proven_ms_ago: Option<u64>,
    /// Whether an answer from it would have to say that it is stale, now.
    pub is_stale: bool,
}

/// XXH3 (64 bits) of a document, as the database writes it; 16 hexadecimal digits. That of a version
/// that a promotion has lost differs from that of the version that was given out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DocumentHash(pub u64);

impl DocumentHash {
    /// Of a document.
    pub fn of(document: &[u8]) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(document))
    }
}

impl Display for DocumentHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for DocumentHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DocumentHash {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(input)?;
        u64::from_str_radix(&digits, 16).map(Self).map_err(de::Error::custom)
    }
}

mod text {
    use super::{Deserialize as _, Deserializer, Display, FromStr, Serializer, de};

    pub(super) fn serialize<S: Serializer>(
        value: &impl Display,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(
        input: D,
    ) -> Result<T, D::Error> {
        String::deserialize(input)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn memory_has_its_published_form() {
        let entry = Remembered {
            key: EntityKey::product(Uuid::from_u128(1)),
            view: Some("web/en/EUR".to_owned()),
            epoch: Epoch(3),
            version: Version(7),
            hash: Some(DocumentHash(0xab)),
            proven_ms_ago: Some(40),
            is_stale: false,
        };
        let memory = Memory { entries: vec![entry] };
        let json = serde_json::to_string(&memory).unwrap();
        assert_eq!(
            json,
            r#"{"entries":[{"key":"product:00000000-0000-0000-0000-000000000001","view":"web/en/EUR","epoch":3,"version":7,"hash":"00000000000000ab","proven_ms_ago":40,"is_stale":false}]}"#
        );
        assert_eq!(serde_json::from_str::<Memory>(&json).unwrap(), memory);
    }
}
