//! A product whole.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::view::Locale;

use super::{Attributes, PriceRow};

/// Translations by locale.
pub type Translations = BTreeMap<Locale, Translation>;

/// A living product with all locales and prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductDocument {
    /// Its id, for good.
    pub id: Uuid,
    /// Its key in the system that it came from.
    pub external_key: Option<String>,
    /// Its name in addresses; unique among living products.
    pub slug: String,
    /// Whether storefronts may show it.
    pub status: Status,
    /// Its brand.
    pub brand: Option<String>,
    /// The names of what its variants differ in, in order.
    pub options: Vec<String>,
    /// Typed attributes.
    pub attributes: Attributes,
    /// At or below how many pieces a variant counts as "few left".
    pub few_left_threshold: u32,
    /// Not shown before this.
    pub publish_at: Option<Timestamp>,
    /// Not shown from this on.
    pub unpublish_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Names and descriptions.
    pub translations: Translations,
    /// Its living variants in order.
    pub variants: Vec<Variant>,
    /// The categories it is in.
    pub categories: Vec<CategoryMembership>,
    /// Pictures and films in order.
    pub media: Vec<Media>,
    /// Other products it points to, in order.
    pub relations: Vec<Relation>,
}

/// Whether storefronts may show a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being prepared.
    Draft,
    /// On sale within its publishing times.
    Active,
    /// No longer on sale, kept.
    Archived,
}

/// A product's or category's words in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// What it is called.
    pub name: String,
    /// What is said of it, as the editor wrote it.
    pub description: String,
}

/// One sellable form of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its id, for good.
    pub id: Uuid,
    /// Unique among living variants; compared byte by byte.
    pub sku: String,
    /// GTIN or the like.
    pub barcode: Option<String>,
    /// The value of each of the product's options.
    pub options: BTreeMap<String, String>,
    /// What a storefront shows of its stock.
    pub availability: Availability,
    /// All its prices.
    pub prices: Vec<PriceRow>,
}

/// What a storefront shows of stock. Ordered from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// None left.
    OutOfStock,
    /// At or below the product's threshold.
    FewLeft,
    /// Enough.
    InStock,
}

/// That a product is in a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryMembership {
    /// Which category.
    pub id: Uuid,
    /// Where in its listing; the least comes first.
    pub position: i32,
}

/// A picture or film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Its id.
    pub id: Uuid,
    /// The variant that it shows, if one in particular.
    pub variant_id: Option<Uuid>,
    /// What it is.
    pub kind: MediaKind,
    /// Where it is.
    pub url: String,
    /// Its description for those who cannot see it, by locale.
    pub alt: BTreeMap<Locale, String>,
}

/// What a media address leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A film.
    Video,
}

/// That a product points to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// As what.
    pub kind: RelationKind,
    /// To which.
    pub product_id: Uuid,
}

/// As what a product points to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// Similar.
    Related,
    /// Bought together.
    CrossSell,
    /// Better and dearer.
    UpSell,
    /// Goes with it.
    Accessory,
}
