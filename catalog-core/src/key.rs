//! What can change, and how one such thing is named everywhere: in the `version` table, in Kafka
//! records, in Redis keys and in a pod's memory.

use std::{fmt, str::FromStr};

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kinds of things that have a version of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A product with its variants, prices, translations, media and relations.
    Product,
    /// A category, without the products in it.
    Category,
    /// Who owns a slug now; the id is the digest of the slug with its scope.
    Slug,
    /// Which living variant bears a SKU now; the id is the digest of the SKU with its scope.
    Sku,
    /// Channels, locales with their fallbacks, and currencies, together; the id is the nil UUID.
    Rules,
}

impl Kind {
    /// The name used in SQL, JSON, Kafka keys and Redis keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Category => "category",
            Self::Slug => "slug",
            Self::Sku => "sku",
            Self::Rules => "rules",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A kind name that this release does not know.
#[derive(Debug, thiserror::Error)]
#[error("unknown kind `{0}`")]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "product" => Ok(Self::Product),
            "category" => Ok(Self::Category),
            "slug" => Ok(Self::Slug),
            "sku" => Ok(Self::Sku),
            "rules" => Ok(Self::Rules),
            other => Err(UnknownKind(other.to_owned())),
        }
    }
}

/// Whose slugs: a product and a category may bear the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlugScope {
    /// Slugs of products.
    Product,
    /// Slugs of categories.
    Category,
}

impl SlugScope {
    /// The name used in SQL (`slug_history.scope`, the first argument of `lookup_id`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Category => "category",
        }
    }
}

/// One thing that has a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntityKey {
    /// What it is.
    pub kind: Kind,
    /// Which one.
    pub id: Uuid,
}

impl EntityKey {
    /// The catalog's rules: channels, locales and currencies.
    pub const RULES: Self = Self { kind: Kind::Rules, id: Uuid::nil() };

    /// Sorts before every other key.
    pub(crate) const FIRST: Self = Self { kind: Kind::Product, id: Uuid::nil() };

    /// The product with this id.
    pub const fn product(id: Uuid) -> Self {
        Self { kind: Kind::Product, id }
    }

    /// The category with this id.
    pub const fn category(id: Uuid) -> Self {
        Self { kind: Kind::Category, id }
    }

    /// Who owns `slug` among products or categories.
    pub fn slug(scope: SlugScope, slug: &str) -> Self {
        Self { kind: Kind::Slug, id: lookup_id(scope.as_str(), slug) }
    }

    /// Which living variant bears `sku`.
    pub fn sku(sku: &str) -> Self {
        Self { kind: Kind::Sku, id: lookup_id("variant", sku) }
    }
}

impl fmt::Display for EntityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

/// A key that is not `kind:uuid`.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a key of the form kind:uuid")]
pub struct MalformedKey(String);

impl FromStr for EntityKey {
    type Err = MalformedKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || MalformedKey(text.to_owned());
        let (kind, id) = text.split_once(':').ok_or_else(malformed)?;
        Ok(Self {
            kind: kind.parse().map_err(|_| malformed())?,
            id: id.parse().map_err(|_| malformed())?,
        })
    }
}

/// The same digest as the SQL function `lookup_id`: what the lookup compares, with its scope, so
/// that "nobody has it" can be proven too. MD5 spreads keys here; nothing secret rests on it.
fn lookup_id(scope: &str, value: &str) -> Uuid {
    let mut digest = Md5::new();
    digest.update(scope.as_bytes());
    digest.update(b"/");
    digest.update(value.as_bytes());
    Uuid::from_bytes(digest.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookup_ids_are_those_of_the_sql_function() {
        // select md5(convert_to('product/wool-sock', 'UTF8'))::uuid
        assert_eq!(
            EntityKey::slug(SlugScope::Product, "wool-sock").id,
            Uuid::from_bytes(Md5::digest(b"product/wool-sock").into())
        );
        assert_ne!(
            EntityKey::slug(SlugScope::Product, "sale"),
            EntityKey::slug(SlugScope::Category, "sale")
        );
    }

    #[test]
    fn a_key_reads_back_as_it_was_written() {
        for kind in [Kind::Product, Kind::Category, Kind::Slug, Kind::Sku, Kind::Rules] {
            let key = EntityKey { kind, id: Uuid::from_u128(7) };
            assert_eq!(key.to_string().parse::<EntityKey>().unwrap(), key);
        }
        for wrong in ["product", "product:", "shelf:00000000-0000-0000-0000-000000000000", ""] {
            assert!(wrong.parse::<EntityKey>().is_err(), "{wrong}");
        }
    }
}
