//! Products.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Number;

use super::{Reference, Translations};

/// A product with all that belongs to it.
#[derive(Debug, Serialize)]
pub struct ProductLine {
    /// Its key in the system that it came from.
    pub external_key: String,
    /// Its name in addresses.
    pub slug: String,
    /// `draft`, `active` or `archived`.
    pub status: &'static str,
    /// Its brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// The names of what its variants differ in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<&'static str>,
    /// Typed attributes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<&'static str, Attribute>,
    /// At or below how many pieces a variant counts as "few left".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub few_left_threshold: Option<u32>,
    /// Not shown before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
    /// Not shown from this on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpublish_at: Option<Timestamp>,
    /// Names and descriptions.
    pub translations: Translations,
    /// Its sellable forms.
    pub variants: Vec<VariantLine>,
    /// The categories that it is in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Membership>,
    /// Pictures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<MediaLine>,
    /// Products that it points to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<RelationLine>,
}

/// The value of an attribute; its JSON type is its type.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Attribute {
    /// Text.
    Text(String),
    /// A number without a unit.
    Number(Number),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    List(Vec<String>),
    /// A number with its unit.
    Measure {
        /// How much.
        value: Number,
        /// Of what.
        unit: &'static str,
    },
}

impl From<&str> for Attribute {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A sellable form of a product.
#[derive(Debug, Serialize)]
pub struct VariantLine {
    /// Its number in the warehouse.
    pub sku: String,
    /// GTIN or the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// The value of each of the product's options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<&'static str, String>,
    /// All its prices.
    pub prices: Vec<PriceLine>,
    /// How many there are, and where.
    pub stock: Vec<StockLine>,
}

/// A price of a variant.
#[derive(Debug, Serialize)]
pub struct PriceLine {
    /// Where it holds.
    pub channel: &'static str,
    /// Its currency.
    pub currency: &'static str,
    /// In minor units.
    pub amount: u64,
    /// The regular price, to show beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare_at: Option<u64>,
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// Until just before when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

impl PriceLine {
    /// A price on the web for good.
    pub fn web(currency: &'static str, amount: u64) -> Self {
        Self {
            channel: "web",
            currency,
            amount,
            compare_at: None,
            valid_from: None,
            valid_until: None,
        }
    }
}

/// Stock at a place.
#[derive(Debug, Serialize)]
pub struct StockLine {
    /// The place.
    pub location: &'static str,
    /// How many.
    pub quantity: u32,
}

/// That a product is in a category.
#[derive(Debug, Serialize)]
pub struct Membership {
    /// Which category.
    #[serde(flatten)]
    pub category: Reference,
    /// Where in its listing.
    pub position: u32,
}

/// A picture.
#[derive(Debug, Serialize)]
pub struct MediaLine {
    /// Where it is.
    pub url: String,
    /// What it shows, by locale.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub alt: BTreeMap<&'static str, String>,
    /// The variant that it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_sku: Option<String>,
}

/// That a product points to another.
#[derive(Debug, Serialize)]
pub struct RelationLine {
    /// As what.
    pub kind: &'static str,
    /// To which.
    pub product: Reference,
}
