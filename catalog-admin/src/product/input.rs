//! A product as it is sent: with `POST`, with `PUT`, as the result of a merge patch, or as a line
//! of an import. Every field has a default here, so that all that is wrong can be told at once.

use std::collections::BTreeMap;

use catalog_core::document::{MediaKind, RelationKind, Status};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use utoipa::ToSchema;

use crate::json::read_from_objects;
use crate::value::{ReferenceInput, TranslationInput, TranslationsInput};

read_from_objects!(
    ProductInput,
    VariantInput,
    PriceInput,
    StockInput,
    MembershipInput,
    MediaInput,
    RelationInput
);

/// A product as it is sent. What a read answers can be sent back: `id`, `version`, `created_at`
/// and `updated_at` are taken and ignored.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct ProductInput {
    #[serde(rename = "id")]
    #[schema(ignore)]
    pub(super) _id: Option<IgnoredAny>,
    #[serde(rename = "version")]
    #[schema(ignore)]
    pub(super) _version: Option<IgnoredAny>,
    #[serde(rename = "created_at")]
    #[schema(ignore)]
    pub(super) _created_at: Option<IgnoredAny>,
    #[serde(rename = "updated_at")]
    #[schema(ignore)]
    pub(super) _updated_at: Option<IgnoredAny>,
    /// Its key in the system that it came from; no other product has it.
    pub external_key: Option<String>,
    /// Its name in addresses, such as `wool-sock-2`; no other living product has it.
    #[schema(required = true, nullable = false)]
    pub slug: Option<String>,
    /// Whether storefronts may show it; `draft` when left out.
    #[schema(inline, value_type = Option<String>, example = "active")]
    pub status: Option<Status>,
    /// Its brand.
    pub brand: Option<String>,
    /// The names of what its variants differ in, in order.
    pub options: Option<Vec<String>>,
    /// By name: a text, a number, true or false, a list of texts, or `{value, unit}`.
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    pub attributes: Option<BTreeMap<String, Value>>,
    /// At or below how many pieces a variant counts as "few left"; 5 when left out.
    pub few_left_threshold: Option<i64>,
    /// Not shown before this (RFC 3339).
    #[schema(format = DateTime)]
    pub publish_at: Option<String>,
    /// Not shown from this on (RFC 3339).
    #[schema(format = DateTime)]
    pub unpublish_at: Option<String>,
    /// By locale; at least one.
    #[schema(required = true, value_type = BTreeMap<String, TranslationInput>)]
    pub translations: Option<TranslationsInput>,
    /// Its variants in order. Those with a SKU that the product has already stay the same variants.
    pub variants: Option<Vec<VariantInput>>,
    /// The categories it is in.
    pub categories: Option<Vec<MembershipInput>>,
    /// Pictures and films in order.
    pub media: Option<Vec<MediaInput>>,
    /// Other products it points to, in order.
    pub relations: Option<Vec<RelationInput>>,
}

/// A variant as it is sent. Its `id` is taken and ignored: the SKU says which one it is.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct VariantInput {
    #[serde(rename = "id")]
    #[schema(ignore)]
    pub(super) _id: Option<IgnoredAny>,
    /// No other living variant has it.
    #[schema(required = true, nullable = false)]
    pub sku: Option<String>,
    /// GTIN or the like.
    pub barcode: Option<String>,
    /// A value for each of the product's options.
    pub options: Option<BTreeMap<String, String>>,
    /// All its prices.
    pub prices: Option<Vec<PriceInput>>,
    /// How many there are, where it is named; left out, stock stays as it is.
    pub stock: Option<Vec<StockInput>>,
}

/// A price as it is sent.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct PriceInput {
    /// Where it holds.
    #[schema(required = true, nullable = false)]
    pub channel: Option<String>,
    /// ISO 4217.
    #[schema(required = true, nullable = false)]
    pub currency: Option<String>,
    /// In minor units: cents for EUR.
    #[schema(required = true, nullable = false)]
    pub amount: Option<i64>,
    /// The regular amount to show beside it, in minor units; not below `amount`.
    pub compare_at: Option<i64>,
    /// From when (RFC 3339); left out: ever since.
    #[schema(format = DateTime)]
    pub valid_from: Option<String>,
    /// Until just before when (RFC 3339); left out: for good.
    #[schema(format = DateTime)]
    pub valid_until: Option<String>,
}

/// How many pieces there are at a location.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct StockInput {
    /// Where.
    #[schema(required = true, nullable = false)]
    pub location: Option<String>,
    /// How many.
    #[schema(required = true, nullable = false)]
    pub quantity: Option<i64>,
}

/// A category that the product is in, by exactly one of `id`, `external_key` and `slug`.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct MembershipInput {
    /// Its id.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub id: Option<String>,
    /// Its key in the system that it came from.
    pub external_key: Option<String>,
    /// Its name in addresses.
    pub slug: Option<String>,
    /// Where in its listing; the least comes first; 0 when left out.
    pub position: Option<i64>,
}

/// A picture or film as it is sent.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct MediaInput {
    /// `image` (when left out) or `video`.
    #[schema(inline, value_type = Option<String>, example = "image")]
    pub kind: Option<MediaKind>,
    /// `http://` or `https://`.
    #[schema(required = true, nullable = false)]
    pub url: Option<String>,
    /// A description for those who cannot see it, by locale.
    pub alt: Option<BTreeMap<String, String>>,
    /// The variant of this product that it shows, if one in particular.
    pub variant_sku: Option<String>,
}

/// That the product points to another.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct RelationInput {
    /// `related`, `cross_sell`, `up_sell` or `accessory`.
    #[schema(inline, value_type = String, example = "accessory")]
    pub kind: Option<RelationKind>,
    /// To which.
    #[schema(required = true, nullable = false)]
    pub product: Option<ReferenceInput>,
}
