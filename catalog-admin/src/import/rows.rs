//! From a product to the rows that it is to have.

use catalog_core::document::{Media, ProductDocument};
use uuid::Uuid;

use crate::product::ValidMedia;
use crate::store::import::{
    MediaRow, MembershipRow, PriceOfVariant, ProductRow, ProductRows, RelationRow, TranslationRow,
    VariantRow,
};
use crate::value::ExternalKey;

use super::plan_products::Resolved;

impl<'a> Resolved<'a> {
    /// Adds all rows of the product but those of stock. `document` is what lives of it now.
    pub(super) fn add_rows(
        &self,
        is_new: bool,
        document: Option<&'a ProductDocument>,
        rows: &mut ProductRows<'a>,
    ) {
        let product = self.product;
        // A line without a key, which was matched by SKU, leaves the key as it is.
        let key = product.external_key.as_ref().map(ExternalKey::as_str);
        let kept = document.and_then(|document| document.external_key.as_deref());
        rows.products.push(ProductRow {
            id: self.id,
            is_new,
            external_key: key.or(kept),
            slug: product.slug.as_str(),
            status: product.status,
            brand: product.brand.as_deref(),
            options: &product.options,
            attributes: &product.attributes,
            few_left_threshold: product.few_left_threshold,
            publish_at: product.publish_at,
            unpublish_at: product.unpublish_at,
        });
        rows.translations.extend(product.translations.iter().map(|(locale, words)| {
            TranslationRow {
                owner_id: self.id,
                locale: *locale,
                name: &words.name,
                description: &words.description,
            }
        }));
        self.add_variants(rows);
        rows.memberships.extend(self.memberships.iter().map(|(category_id, position)| {
            MembershipRow { product_id: self.id, category_id: *category_id, position: *position }
        }));
        rows.relations.extend(self.relations.iter().zip(0..).map(
            |((kind, related_id), position)| RelationRow {
                product_id: self.id,
                related_id: *related_id,
                kind: *kind,
                position,
            },
        ));
        self.add_media(document.map_or(&[][..], |document| &document.media), rows);
    }

    fn add_variants(&self, rows: &mut ProductRows<'a>) {
        let numbered = self.product.variants.iter().zip(&self.variants).zip(0..);
        for ((variant, (id, is_new)), position) in numbered {
            rows.variants.push(VariantRow {
                id: *id,
                product_id: self.id,
                is_new: *is_new,
                sku: variant.sku.as_str(),
                barcode: variant.barcode.as_deref(),
                options: &variant.options,
                position,
            });
            rows.prices.extend(variant.prices.iter().map(|price| PriceOfVariant {
                product_id: self.id,
                variant_id: *id,
                price,
            }));
        }
    }

    /// A picture whose address was there before keeps its id.
    fn add_media(&self, there: &[Media], rows: &mut ProductRows<'a>) {
        let mut free: Vec<&Media> = there.iter().collect();
        for (media, position) in self.product.media.iter().zip(0..) {
            let same = free.iter().position(|old| old.url == media.url);
            rows.media.push(MediaRow {
                id: same.map_or_else(Uuid::now_v7, |index| free.remove(index).id),
                product_id: self.id,
                variant_id: self.variant_of(media),
                position,
                kind: media.kind,
                url: &media.url,
                alt: &media.alt,
            });
        }
    }

    /// The variant that a picture shows.
    pub(super) fn variant_of(&self, media: &ValidMedia) -> Option<Uuid> {
        let sku = media.variant_sku.as_ref()?;
        let index = self.product.variants.iter().position(|variant| &variant.sku == sku)?;
        Some(self.variants[index].0)
    }
}
