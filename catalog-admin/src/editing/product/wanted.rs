//! From a valid product to the rows that it shall have.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::editing::words::translation_rows;
use crate::product::{ValidMedia, ValidProduct};
use crate::store::StoreError;
use crate::store::media::MediaRow;
use crate::store::membership::MembershipRow;
use crate::store::names::{media_kind, status_name};
use crate::store::product::ProductRow;
use crate::store::stock::{StockKey, StockRow};
use crate::store::variant::VariantRow;
use crate::value::Sku;

use super::examine::Examined;
use super::rows::{Rows, price_row, relation_rows, sorted};

/// The rows that a product shall have. Variants that it has already, by their SKU, keep their ids,
/// and so do pictures and films by their address and variant.
pub(super) fn rows(
    id: Uuid,
    examined: &Examined,
    current: Option<&Rows>,
) -> Result<Rows, StoreError> {
    let product = &examined.product;
    let variants = variant_rows(product, current);
    let by_sku = ids_by_sku(&variants);
    let prices = product.variants.iter().flat_map(|variant| {
        let id = by_sku[variant.sku.as_str()];
        variant.prices.iter().map(move |price| price_row(id, price))
    });
    let prices = sorted(prices);
    let memberships = examined.memberships.iter().map(|(category_id, position)| MembershipRow {
        category_id: *category_id,
        position: *position,
    });
    let media = media_rows(&product.media, &by_sku, current);
    Ok(Rows {
        product: product_row(id, product)?,
        translations: translation_rows(&product.translations),
        prices,
        memberships: sorted(memberships),
        media,
        relations: relation_rows(examined.relations.iter().copied()),
        variants,
    })
}

/// The stock that is to be set, if any is named.
pub(super) fn stock(product: &ValidProduct, rows: &Rows) -> Vec<StockRow> {
    let by_sku = ids_by_sku(&rows.variants);
    let levels = product.variants.iter().flat_map(|variant| {
        let variant_id = by_sku[variant.sku.as_str()];
        variant.stock.iter().flatten().map(move |level| StockRow {
            key: StockKey { variant_id, location: level.location.clone() },
            quantity: level.quantity,
        })
    });
    levels.collect()
}

fn product_row(id: Uuid, product: &ValidProduct) -> Result<ProductRow, StoreError> {
    Ok(ProductRow {
        id,
        external_key: product.external_key.as_ref().map(ToString::to_string),
        slug: product.slug.to_string(),
        status: status_name(product.status),
        brand: product.brand.clone(),
        options: product.options.clone(),
        attributes: serde_json::to_value(&product.attributes)?,
        few_left_threshold: i64::from(product.few_left_threshold),
        publish_at: product.publish_at,
        unpublish_at: product.unpublish_at,
    })
}

fn variant_rows(product: &ValidProduct, current: Option<&Rows>) -> Vec<VariantRow> {
    let known = current.map(|rows| ids_by_sku(&rows.variants)).unwrap_or_default();
    let rows = product.variants.iter().zip(0..).map(|(variant, position)| VariantRow {
        id: known.get(variant.sku.as_str()).copied().unwrap_or_else(Uuid::now_v7),
        sku: variant.sku.to_string(),
        barcode: variant.barcode.clone(),
        options: variant.options.clone(),
        position,
    });
    rows.collect()
}

fn ids_by_sku(variants: &[VariantRow]) -> BTreeMap<&str, Uuid> {
    variants.iter().map(|variant| (variant.sku.as_str(), variant.id)).collect()
}

fn media_rows(
    media: &[ValidMedia],
    by_sku: &BTreeMap<&str, Uuid>,
    current: Option<&Rows>,
) -> Vec<MediaRow> {
    let mut known: Vec<&MediaRow> = current.iter().flat_map(|rows| &rows.media).collect();
    let rows = media.iter().zip(0..).map(|(media, position)| {
        let variant_id = media.variant_sku.as_ref().map(|sku: &Sku| by_sku[sku.as_str()]);
        let same = |row: &&MediaRow| row.url == media.url && row.variant_id == variant_id;
        let known = known.iter().position(same).map(|index| known.remove(index));
        MediaRow {
            id: known.map_or_else(Uuid::now_v7, |row| row.id),
            variant_id,
            position,
            kind: media_kind(media.kind),
            url: media.url.clone(),
            alt: media.alt.iter().map(|(code, text)| (code.to_string(), text.clone())).collect(),
        }
    });
    rows.collect()
}
