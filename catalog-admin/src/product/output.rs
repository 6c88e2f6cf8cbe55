//! A product as it is answered; what it shows can be sent back.

use std::collections::BTreeMap;

use catalog_core::document::{
    Attributes, Media, MediaKind, PriceRow, ProductDocument, Relation, RelationKind, Status,
    Translations, Variant,
};
use catalog_core::view::Locale;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::value::TranslationInput;

use super::PriceInput;

/// A product with everything that an editor may change, and what only the catalog does.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProductOutput {
    /// Its id, for good.
    pub id: Uuid,
    /// Raised by every change.
    pub version: i64,
    /// Its key in the system that it came from.
    pub external_key: Option<String>,
    /// Its name in addresses.
    pub slug: String,
    /// `draft`, `active` or `archived`.
    #[schema(value_type = String)]
    pub status: Status,
    /// Its brand.
    pub brand: Option<String>,
    /// The names of what its variants differ in, in order.
    pub options: Vec<String>,
    /// Typed attributes.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    pub attributes: Attributes,
    /// At or below how many pieces a variant counts as "few left".
    pub few_left_threshold: u32,
    /// Not shown before this.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub publish_at: Option<Timestamp>,
    /// Not shown from this on.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub unpublish_at: Option<Timestamp>,
    /// Names and descriptions by locale.
    #[schema(value_type = BTreeMap<String, TranslationInput>)]
    pub translations: Translations,
    /// Its variants in order.
    pub variants: Vec<VariantOutput>,
    /// The categories it is in.
    pub categories: Vec<MembershipOutput>,
    /// Pictures and films in order.
    pub media: Vec<MediaOutput>,
    /// Other products it points to.
    pub relations: Vec<RelationOutput>,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VariantOutput {
    /// Its id, for good.
    pub id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// GTIN or the like.
    pub barcode: Option<String>,
    /// The value of each option.
    pub options: BTreeMap<String, String>,
    /// All its prices.
    #[schema(value_type = Vec<PriceInput>)]
    pub prices: Vec<PriceRow>,
}

/// A category that the product is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MembershipOutput {
    /// Which category.
    pub id: Uuid,
    /// Where in its listing.
    pub position: i32,
}

/// A picture or film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MediaOutput {
    /// `image` or `video`.
    #[schema(value_type = String)]
    pub kind: MediaKind,
    /// Where it is.
    pub url: String,
    /// Its description by locale.
    #[schema(value_type = BTreeMap<String, String>)]
    pub alt: BTreeMap<Locale, String>,
    /// The variant that it shows, if one in particular.
    pub variant_sku: Option<String>,
}

/// That the product points to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RelationOutput {
    /// `related`, `cross_sell`, `up_sell` or `accessory`.
    #[schema(value_type = String)]
    pub kind: RelationKind,
    /// To which.
    pub product: ProductReference,
}

/// A product by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProductReference {
    /// Its id.
    pub id: Uuid,
}

impl ProductOutput {
    /// How a document in a version is answered.
    pub fn new(version: i64, document: ProductDocument) -> Self {
        let skus: BTreeMap<Uuid, String> =
            document.variants.iter().map(|variant| (variant.id, variant.sku.clone())).collect();
        let memberships = document.categories.into_iter();
        Self {
            id: document.id,
            version,
            external_key: document.external_key,
            slug: document.slug,
            status: document.status,
            brand: document.brand,
            options: document.options,
            attributes: document.attributes,
            few_left_threshold: document.few_left_threshold,
            publish_at: document.publish_at,
            unpublish_at: document.unpublish_at,
            translations: document.translations,
            variants: document.variants.into_iter().map(VariantOutput::from).collect(),
            categories: memberships
                .map(|in_one| MembershipOutput { id: in_one.id, position: in_one.position })
                .collect(),
            media: document.media.into_iter().map(|media| shown(media, &skus)).collect(),
            relations: document.relations.into_iter().map(RelationOutput::from).collect(),
            created_at: document.created_at,
            updated_at: document.updated_at,
        }
    }
}

impl From<Variant> for VariantOutput {
    fn from(variant: Variant) -> Self {
        let Variant { id, sku, barcode, options, availability: _, prices } = variant;
        Self { id, sku, barcode, options, prices }
    }
}

impl From<Relation> for RelationOutput {
    fn from(relation: Relation) -> Self {
        Self { kind: relation.kind, product: ProductReference { id: relation.product_id } }
    }
}

fn shown(media: Media, skus: &BTreeMap<Uuid, String>) -> MediaOutput {
    let variant_sku = media.variant_id.and_then(|id| skus.get(&id).cloned());
    MediaOutput { kind: media.kind, url: media.url, alt: media.alt, variant_sku }
}
