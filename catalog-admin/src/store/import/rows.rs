//! The rows of a batch, as they are to stand in the tables.

use catalog_core::document::{Attributes, MediaKind, PriceRow, RelationKind, Status};
use catalog_core::view::Locale;
use jiff::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A row of `product`.
#[derive(Debug)]
pub struct ProductRow<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whether there is no such row yet.
    pub is_new: bool,
    /// Its key in the system that it came from.
    pub external_key: Option<&'a str>,
    /// Its name in addresses.
    pub slug: &'a str,
    /// Whether storefronts may show it.
    pub status: Status,
    /// Its brand.
    pub brand: Option<&'a str>,
    /// The names of what its variants differ in.
    pub options: &'a [String],
    /// Typed attributes.
    pub attributes: &'a Attributes,
    /// At or below how many pieces a variant counts as "few left".
    pub few_left_threshold: i32,
    /// Not shown before this.
    pub publish_at: Option<Timestamp>,
    /// Not shown from this on.
    pub unpublish_at: Option<Timestamp>,
}

/// A row of `product_translation` or `category_translation`.
#[derive(Debug)]
pub struct TranslationRow<'a> {
    /// Whose words.
    pub owner_id: Uuid,
    /// In which language.
    pub locale: Locale,
    /// What it is called.
    pub name: &'a str,
    /// What is said of it.
    pub description: &'a str,
}

/// A row of `variant`.
#[derive(Debug)]
pub struct VariantRow<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub product_id: Uuid,
    /// Whether there is no such row yet.
    pub is_new: bool,
    /// Its SKU.
    pub sku: &'a str,
    /// GTIN or the like.
    pub barcode: Option<&'a str>,
    /// The value of each of the product's options.
    pub options: &'a BTreeMap<String, String>,
    /// Where among its siblings.
    pub position: i32,
}

/// A row of `price`.
#[derive(Debug)]
pub struct PriceOfVariant<'a> {
    /// Whose.
    pub product_id: Uuid,
    /// Of which variant.
    pub variant_id: Uuid,
    /// What it says.
    pub price: &'a PriceRow,
}

/// A row of `stock`.
#[derive(Debug)]
pub struct StockOfVariant<'a> {
    /// Whose.
    pub product_id: Uuid,
    /// Of which variant.
    pub variant_id: Uuid,
    /// Where.
    pub location: &'a str,
    /// How many.
    pub quantity: i32,
}

/// A row of `product_category`.
#[derive(Debug)]
pub struct MembershipRow {
    /// Which product.
    pub product_id: Uuid,
    /// In which category.
    pub category_id: Uuid,
    /// Where in its listing.
    pub position: i32,
}

/// A row of `media`.
#[derive(Debug)]
pub struct MediaRow<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub product_id: Uuid,
    /// The variant that it shows.
    pub variant_id: Option<Uuid>,
    /// Where among its siblings.
    pub position: i32,
    /// What it is.
    pub kind: MediaKind,
    /// Where it is.
    pub url: &'a str,
    /// Its description, by locale.
    pub alt: &'a BTreeMap<Locale, String>,
}

/// A row of `relation`.
#[derive(Debug)]
pub struct RelationRow {
    /// Which product.
    pub product_id: Uuid,
    /// Points to which.
    pub related_id: Uuid,
    /// As what.
    pub kind: RelationKind,
    /// Where among its siblings.
    pub position: i32,
}

/// The rows of a batch's products. Those of `products` are to have exactly these parts; stock is
/// only set where it is named.
#[derive(Debug, Default)]
pub struct ProductRows<'a> {
    /// Products to write.
    pub products: Vec<ProductRow<'a>>,
    /// Their words.
    pub translations: Vec<TranslationRow<'a>>,
    /// Their variants.
    pub variants: Vec<VariantRow<'a>>,
    /// Their prices.
    pub prices: Vec<PriceOfVariant<'a>>,
    /// Stock to set, theirs or others'.
    pub stock: Vec<StockOfVariant<'a>>,
    /// Their categories.
    pub memberships: Vec<MembershipRow>,
    /// Their pictures and films.
    pub media: Vec<MediaRow<'a>>,
    /// What they point to.
    pub relations: Vec<RelationRow>,
}

/// A row of `category`.
#[derive(Debug)]
pub struct CategoryRow<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whether there is no such row yet.
    pub is_new: bool,
    /// Its key in the system that it came from.
    pub external_key: Option<&'a str>,
    /// Its name in addresses.
    pub slug: &'a str,
    /// The category above it.
    pub parent_id: Option<Uuid>,
    /// Where among its siblings.
    pub position: i32,
}

/// The rows of a batch's categories, which are to have exactly these words.
#[derive(Debug, Default)]
pub struct CategoryRows<'a> {
    /// Categories to write.
    pub categories: Vec<CategoryRow<'a>>,
    /// Their words.
    pub translations: Vec<TranslationRow<'a>>,
}
