//! A product as a storefront sees it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    document::{
        Attributes, Availability, CatalogRules, CategoryDocument, Media, MediaKind,
        ProductDocument, RelationKind, Status, Variant, in_force,
    },
    freshness::Version,
    view::{Currency, Locale, View},
};

use super::{Rendered, category::words};

/// A product in one view.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductView {
    /// Its id.
    pub id: Uuid,
    /// In which version.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub version: Version,
    /// Its name in addresses.
    pub slug: String,
    /// Its key in the system that it came from.
    pub external_key: Option<String>,
    /// Its brand.
    pub brand: Option<String>,
    /// The locale of the words, after falling back.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub locale: Locale,
    /// What it is called.
    pub name: String,
    /// What is said of it.
    pub description: String,
    /// The names of what its variants differ in, in order.
    pub options: Vec<String>,
    /// Typed attributes.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, serde_json::Value>))]
    pub attributes: Attributes,
    /// The best of its variants' availabilities.
    pub availability: Availability,
    /// From the lowest price in force to the highest.
    pub price_range: Option<PriceRange>,
    /// Its variants in order.
    pub variants: Vec<VariantView>,
    /// The categories it is in, by position.
    pub categories: Vec<CategoryLink>,
    /// Pictures and films in order.
    pub media: Vec<MediaView>,
    /// Other products it points to, in order.
    pub relations: Vec<RelationView>,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub updated_at: Timestamp,
}

/// One sellable form of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VariantView {
    /// Its id.
    pub id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// GTIN or the like.
    pub barcode: Option<String>,
    /// The value of each option.
    pub options: BTreeMap<String, String>,
    /// What is shown of its stock.
    pub availability: Availability,
    /// The price in force in the view; `None` when it has none there.
    pub price: Option<PriceView>,
}

/// A price in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceView {
    /// In minor units.
    pub amount: i64,
    /// The regular amount to show beside it, in minor units.
    pub compare_at: Option<i64>,
    /// Its currency.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub currency: Currency,
    /// When it ends, if it does.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub valid_until: Option<Timestamp>,
}

/// From the lowest price in force to the highest, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceRange {
    /// The lowest.
    pub min: i64,
    /// The highest.
    pub max: i64,
    /// Their currency.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub currency: Currency,
}

/// A category that a product is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryLink {
    /// Its id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// What it is called in the view's locale.
    pub name: String,
}

/// A picture or film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MediaView {
    /// What it is.
    pub kind: MediaKind,
    /// Where it is.
    pub url: String,
    /// Its description in the view's locale.
    pub alt: Option<String>,
    /// The variant that it shows, if one in particular.
    pub variant_id: Option<Uuid>,
}

/// That the product points to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RelationView {
    /// As what.
    pub kind: RelationKind,
    /// To which. Storefronts need not see that one: its own address then says that it does not exist.
    pub product_id: Uuid,
}

/// Renders a product in `view` at `now`.
///
/// `categories` are those of the product's categories that live; one that is missing from it is left
/// out of what is seen. The caller lists them all, found or not, among the parts of the entry.
pub fn render_product(
    document: &ProductDocument,
    version: Version,
    categories: &BTreeMap<Uuid, Arc<CategoryDocument>>,
    rules: &CatalogRules,
    view: View,
    now: Timestamp,
) -> Rendered<ProductView> {
    let valid_until = next_boundary(document, view, now);
    if !is_published(document, now) {
        return Rendered { seen: None, valid_until };
    }
    let (locale, translation) = words(&document.translations, rules, view.locale);
    let variants: Vec<_> =
        document.variants.iter().map(|variant| render_variant(variant, view, now)).collect();
    let seen = ProductView {
        id: document.id,
        version,
        slug: document.slug.clone(),
        external_key: document.external_key.clone(),
        brand: document.brand.clone(),
        locale,
        name: translation.map_or_else(|| document.slug.clone(), |words| words.name.clone()),
        description: translation.map(|words| words.description.clone()).unwrap_or_default(),
        options: document.options.clone(),
        attributes: document.attributes.clone(),
        availability: variants
            .iter()
            .map(|variant| variant.availability)
            .max()
            .unwrap_or(Availability::OutOfStock),
        price_range: price_range(&variants, view.currency),
        variants,
        categories: category_links(document, categories, rules, view.locale),
        media: document.media.iter().map(|media| render_media(media, rules, view.locale)).collect(),
        relations: document
            .relations
            .iter()
            .map(|relation| RelationView { kind: relation.kind, product_id: relation.product_id })
            .collect(),
        created_at: document.created_at,
        updated_at: document.updated_at,
    };
    Rendered { seen: Some(seen), valid_until }
}

fn is_published(document: &ProductDocument, now: Timestamp) -> bool {
    document.status == Status::Active
        && document.publish_at.is_none_or(|from| from <= now)
        && document.unpublish_at.is_none_or(|until| now < until)
}

/// The first moment after `now` at which a publishing time or a price of the view begins or ends.
fn next_boundary(document: &ProductDocument, view: View, now: Timestamp) -> Option<Timestamp> {
    let prices = document
        .variants
        .iter()
        .flat_map(|variant| &variant.prices)
        .filter(|price| price.channel == view.channel && price.currency == view.currency)
        .flat_map(|price| [price.valid_from, price.valid_until]);
    [document.publish_at, document.unpublish_at]
        .into_iter()
        .chain(prices)
        .flatten()
        .filter(|boundary| *boundary > now)
        .min()
}

fn render_variant(variant: &Variant, view: View, now: Timestamp) -> VariantView {
    VariantView {
        id: variant.id,
        sku: variant.sku.clone(),
        barcode: variant.barcode.clone(),
        options: variant.options.clone(),
        availability: variant.availability,
        price: in_force(&variant.prices, view.channel, view.currency, now).map(|price| PriceView {
            amount: price.amount,
            compare_at: price.compare_at,
            currency: price.currency,
            valid_until: price.valid_until,
        }),
    }
}

fn price_range(variants: &[VariantView], currency: Currency) -> Option<PriceRange> {
    let amounts = || variants.iter().filter_map(|variant| Some(variant.price.as_ref()?.amount));
    Some(PriceRange { min: amounts().min()?, max: amounts().max()?, currency })
}

fn category_links(
    document: &ProductDocument,
    categories: &BTreeMap<Uuid, Arc<CategoryDocument>>,
    rules: &CatalogRules,
    locale: Locale,
) -> Vec<CategoryLink> {
    document
        .categories
        .iter()
        .filter_map(|membership| categories.get(&membership.id))
        .map(|category| CategoryLink {
            id: category.id,
            slug: category.slug.clone(),
            name: words(&category.translations, rules, locale)
                .1
                .map_or_else(|| category.slug.clone(), |words| words.name.clone()),
        })
        .collect()
}

fn render_media(media: &Media, rules: &CatalogRules, locale: Locale) -> MediaView {
    MediaView {
        kind: media.kind,
        url: media.url.clone(),
        alt: rules.fallbacks(locale).iter().find_map(|code| media.alt.get(code).cloned()),
        variant_id: media.variant_id,
    }
}

#[cfg(test)]
mod tests;
