//! A product as rows: what there is, and what is wanted, in one form that can be compared.

use std::collections::BTreeMap;

use catalog_core::document::{Media, PriceRow, ProductDocument, Relation, RelationKind};
use uuid::Uuid;

use crate::editing::words::translation_rows;
use crate::store::StoreError;
use crate::store::media::MediaRow;
use crate::store::membership::MembershipRow;
use crate::store::names::{media_kind, relation_kind, status_name};
use crate::store::price::PriceOfVariant;
use crate::store::product::ProductRow;
use crate::store::relation::RelationRow;
use crate::store::translation::TranslationRow;
use crate::store::variant::VariantRow;

/// The rows of one product, but for its stock.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    pub(super) product: ProductRow,
    pub(super) translations: Vec<TranslationRow>,
    pub(super) variants: Vec<VariantRow>,
    pub(super) prices: Vec<PriceOfVariant>,
    pub(super) memberships: Vec<MembershipRow>,
    pub(super) media: Vec<MediaRow>,
    pub(super) relations: Vec<RelationRow>,
}

impl Rows {
    /// The rows that a stored document stands for.
    pub(super) fn of(document: &ProductDocument) -> Result<Self, StoreError> {
        let prices = document
            .variants
            .iter()
            .flat_map(|variant| variant.prices.iter().map(|price| price_row(variant.id, price)));
        let memberships = document.categories.iter().map(|membership| MembershipRow {
            category_id: membership.id,
            position: membership.position,
        });
        let variants = document.variants.iter().zip(0..).map(|(variant, position)| VariantRow {
            id: variant.id,
            sku: variant.sku.clone(),
            barcode: variant.barcode.clone(),
            options: variant.options.clone(),
            position,
        });
        let related = |relation: &Relation| (relation.kind, relation.product_id);
        Ok(Self {
            product: product_row(document)?,
            translations: translation_rows(&document.translations),
            variants: variants.collect(),
            prices: sorted(prices),
            memberships: sorted(memberships),
            media: document.media.iter().zip(0..).map(media_row).collect(),
            relations: relation_rows(document.relations.iter().map(related)),
        })
    }
}

fn product_row(document: &ProductDocument) -> Result<ProductRow, StoreError> {
    Ok(ProductRow {
        id: document.id,
        external_key: document.external_key.clone(),
        slug: document.slug.clone(),
        status: status_name(document.status),
        brand: document.brand.clone(),
        options: document.options.clone(),
        attributes: serde_json::to_value(&document.attributes)?,
        few_left_threshold: i64::from(document.few_left_threshold),
        publish_at: document.publish_at,
        unpublish_at: document.unpublish_at,
    })
}

fn media_row((media, position): (&Media, i32)) -> MediaRow {
    MediaRow {
        id: media.id,
        variant_id: media.variant_id,
        position,
        kind: media_kind(media.kind),
        url: media.url.clone(),
        alt: media.alt.iter().map(|(code, text)| (code.to_string(), text.clone())).collect(),
    }
}

pub(super) fn price_row(variant_id: Uuid, price: &PriceRow) -> PriceOfVariant {
    PriceOfVariant {
        variant_id,
        channel: price.channel.to_string(),
        currency: price.currency.to_string(),
        valid_from: price.valid_from,
        valid_until: price.valid_until,
        amount: price.amount,
        compare_at: price.compare_at,
    }
}

/// Relations as the database lists them: by kind, and among those in the order given.
pub(super) fn relation_rows(
    related: impl IntoIterator<Item = (RelationKind, Uuid)>,
) -> Vec<RelationRow> {
    let mut by_kind: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::new();
    for (kind, id) in related {
        by_kind.entry(relation_kind(kind)).or_default().push(id);
    }
    let rows = by_kind.into_iter().flat_map(|(kind, ids)| {
        let placed = ids.into_iter().zip(0..);
        placed.map(move |(related_id, position)| RelationRow { kind, related_id, position })
    });
    rows.collect()
}

/// In one order, whatever the order they came in, where the order means nothing.
pub(super) fn sorted<T: Ord>(rows: impl Iterator<Item = T>) -> Vec<T> {
    let mut rows: Vec<T> = rows.collect();
    rows.sort_unstable();
    rows
}
