//! A product of which every field has been checked, but for what only the database can tell.

use std::collections::BTreeMap;

use catalog_core::document::{Attributes, MediaKind, PriceRow, RelationKind, Status, Translations};
use catalog_core::view::Locale;
use jiff::Timestamp;

use crate::value::{ExternalKey, Reference, Sku, Slug};

/// A valid product. What it refers to is still to be found.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidProduct {
    /// Its key in the system that it came from.
    pub external_key: Option<ExternalKey>,
    /// Its name in addresses.
    pub slug: Slug,
    /// Whether storefronts may show it.
    pub status: Status,
    /// Its brand.
    pub brand: Option<String>,
    /// The names of what its variants differ in, in order.
    pub options: Vec<String>,
    /// Typed attributes.
    pub attributes: Attributes,
    /// At or below how many pieces a variant counts as "few left".
    pub few_left_threshold: i32,
    /// Not shown before this.
    pub publish_at: Option<Timestamp>,
    /// Not shown from this on.
    pub unpublish_at: Option<Timestamp>,
    /// Names and descriptions; at least one.
    pub translations: Translations,
    /// Its variants in order; no SKU twice.
    pub variants: Vec<ValidVariant>,
    /// The categories it is in; no reference twice.
    pub categories: Vec<ValidMembership>,
    /// Pictures and films in order.
    pub media: Vec<ValidMedia>,
    /// Other products it points to, in order; no reference twice of the same kind.
    pub relations: Vec<ValidRelation>,
}

/// A valid variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidVariant {
    /// Says which variant it is.
    pub sku: Sku,
    /// GTIN or the like.
    pub barcode: Option<String>,
    /// A value for each of the product's options.
    pub options: BTreeMap<String, String>,
    /// All its prices; none twice for a channel, currency and beginning.
    pub prices: Vec<PriceRow>,
    /// Where stock is to be set; `None` leaves it as it is.
    pub stock: Option<Vec<StockLevel>>,
}

/// How many pieces there are at a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockLevel {
    /// Where.
    pub location: String,
    /// How many; not negative.
    pub quantity: i32,
}

/// A category that a product is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidMembership {
    /// Which category.
    pub category: Reference,
    /// Where in its listing.
    pub position: i32,
}

/// A picture or film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidMedia {
    /// What it is.
    pub kind: MediaKind,
    /// Where it is.
    pub url: String,
    /// Its description, by locale.
    pub alt: BTreeMap<Locale, String>,
    /// The variant that it shows; one of this product's.
    pub variant_sku: Option<Sku>,
}

/// That a product points to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidRelation {
    /// As what.
    pub kind: RelationKind,
    /// To which.
    pub product: Reference,
}
