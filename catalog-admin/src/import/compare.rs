//! Whether a line says what the catalog has already.

use catalog_core::document::{Media, PriceRow, ProductDocument, RelationKind, Variant};
use uuid::Uuid;

use crate::product::{ValidMedia, ValidVariant};
use crate::value::ExternalKey;

use super::plan_products::Resolved;

/// Whether the product is as the line says, stock aside.
pub(super) fn is_same(document: &ProductDocument, line: &Resolved<'_>) -> bool {
    let product = line.product;
    // A line without a key leaves the key as it is.
    let same_key = |key: &ExternalKey| document.external_key.as_deref() == Some(key.as_str());
    product.external_key.as_ref().is_none_or(same_key)
        && document.slug == product.slug.as_str()
        && document.status == product.status
        && document.brand == product.brand
        && document.options == product.options
        && document.attributes == product.attributes
        && i64::from(document.few_left_threshold) == i64::from(product.few_left_threshold)
        && document.publish_at == product.publish_at
        && document.unpublish_at == product.unpublish_at
        && document.translations == product.translations
        && same_in_order(&document.variants, &product.variants, same_variant)
        && same_in_order(&document.media, &product.media, |there, media| {
            same_media(there, media, line.variant_of(media))
        })
        && memberships(document) == sorted(line.memberships.clone())
        && relations(document) == by_kind(line.relations.clone())
}

fn same_in_order<A, B>(there: &[A], said: &[B], same: impl Fn(&A, &B) -> bool) -> bool {
    there.len() == said.len() && there.iter().zip(said).all(|(there, said)| same(there, said))
}

fn same_variant(there: &Variant, said: &ValidVariant) -> bool {
    there.sku == said.sku.as_str()
        && there.barcode == said.barcode
        && there.options == said.options
        && same_prices(&there.prices, &said.prices)
}

fn same_prices(there: &[PriceRow], said: &[PriceRow]) -> bool {
    // No two of a variant's prices are alike, so what is contained and as many is the same.
    there.len() == said.len() && said.iter().all(|price| there.contains(price))
}

fn same_media(there: &Media, said: &ValidMedia, variant_id: Option<Uuid>) -> bool {
    there.url == said.url
        && there.kind == said.kind
        && there.alt == said.alt
        && there.variant_id == variant_id
}

fn memberships(document: &ProductDocument) -> Vec<(Uuid, i32)> {
    sorted(document.categories.iter().map(|member| (member.id, member.position)).collect())
}

fn sorted(mut memberships: Vec<(Uuid, i32)>) -> Vec<(Uuid, i32)> {
    memberships.sort_unstable();
    memberships
}

fn relations(document: &ProductDocument) -> Vec<(RelationKind, Uuid)> {
    let relations = document.relations.iter().map(|relation| (relation.kind, relation.product_id));
    by_kind(relations.collect())
}

/// A document keeps the order within a kind only.
fn by_kind(mut relations: Vec<(RelationKind, Uuid)>) -> Vec<(RelationKind, Uuid)> {
    relations.sort_by_key(|(kind, _)| *kind as u8);
    relations
}
