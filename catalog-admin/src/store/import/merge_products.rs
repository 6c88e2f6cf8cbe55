//! Products from the temporary tables into the catalog.
//!
//! What is to go goes first, so that a slug, a SKU or a price's beginning can pass from one to
//! another within a batch. Rows that are as they should be are not written.

use uuid::Uuid;

use super::rows::ProductRows;
use super::staging;
use crate::store::{StoreError, Transaction};

const UPDATE: &str = "
    UPDATE product p SET
        external_key = s.external_key, slug = s.slug, status = s.status::product_status,
        brand = s.brand, options = s.options, attributes = s.attributes,
        few_left_threshold = s.few_left_threshold, publish_at = s.publish_at,
        unpublish_at = s.unpublish_at, deleted_at = NULL, updated_at = now()
    FROM staged_product s
    WHERE p.id = s.id AND NOT s.is_new";
const INSERT: &str = "
    INSERT INTO product (id, external_key, slug, status, brand, options, attributes,
        few_left_threshold, publish_at, unpublish_at)
    SELECT id, external_key, slug, status::product_status, brand, options, attributes,
        few_left_threshold, publish_at, unpublish_at
    FROM staged_product WHERE is_new";

/// Each takes the ids of the products that were there before. Given as an array and not as a join,
/// so that the plan looks them up by index however large the tables are.
const REMOVALS: [&str; 6] = [
    "DELETE FROM media m WHERE m.product_id = ANY ($1) AND NOT EXISTS (
        SELECT FROM staged_media s WHERE s.id = m.id)",
    "DELETE FROM price r WHERE r.product_id = ANY ($1) AND NOT EXISTS (
        SELECT FROM staged_price s
        WHERE s.variant_id = r.variant_id AND s.channel = r.channel AND s.currency = r.currency
            AND s.valid_from IS NOT DISTINCT FROM r.valid_from)",
    "UPDATE variant v SET deleted_at = now()
    WHERE v.product_id = ANY ($1) AND v.deleted_at IS NULL AND NOT EXISTS (
        SELECT FROM staged_variant s WHERE s.id = v.id)",
    "DELETE FROM product_translation t WHERE t.product_id = ANY ($1) AND NOT EXISTS (
        SELECT FROM staged_translation s WHERE s.owner_id = t.product_id AND s.locale = t.locale)",
    "DELETE FROM product_category c WHERE c.product_id = ANY ($1) AND NOT EXISTS (
        SELECT FROM staged_membership s
        WHERE s.product_id = c.product_id AND s.category_id = c.category_id)",
    "DELETE FROM relation r WHERE r.product_id = ANY ($1) AND NOT EXISTS (
        SELECT FROM staged_relation s
        WHERE s.product_id = r.product_id AND s.related_id = r.related_id
            AND s.kind::relation_kind = r.kind)",
];
const UPDATE_VARIANTS: &str = "
    UPDATE variant v SET barcode = s.barcode, options = s.options, position = s.position
    FROM staged_variant s
    WHERE v.id = s.id AND NOT s.is_new
        AND (v.barcode, v.options, v.position) IS DISTINCT FROM (s.barcode, s.options, s.position)";

const PUT_TRANSLATIONS: &str = "
    INSERT INTO product_translation AS t (product_id, locale, name, description)
    SELECT s.owner_id, s.locale, s.name, s.description
    FROM staged_translation s JOIN staged_product p ON p.id = s.owner_id
    ON CONFLICT (product_id, locale) DO UPDATE SET name = excluded.name, description = excluded.description
    WHERE (t.name, t.description) IS DISTINCT FROM (excluded.name, excluded.description)";
const INSERT_VARIANTS: &str = "
    INSERT INTO variant (id, product_id, sku, barcode, options, position)
    SELECT id, product_id, sku, barcode, options, position FROM staged_variant WHERE is_new";
const PUT_PRICES: &str = "
    INSERT INTO price AS r (product_id, variant_id, channel, currency, amount, compare_at, valid_from, valid_until)
    SELECT product_id, variant_id, channel, currency, amount, compare_at, valid_from, valid_until
    FROM staged_price
    ON CONFLICT ON CONSTRAINT price_begins DO UPDATE SET
        amount = excluded.amount, compare_at = excluded.compare_at, valid_until = excluded.valid_until
    WHERE (r.amount, r.compare_at, r.valid_until)
        IS DISTINCT FROM (excluded.amount, excluded.compare_at, excluded.valid_until)";
const PUT_MEMBERSHIPS: &str = "
    INSERT INTO product_category AS c (product_id, category_id, position)
    SELECT product_id, category_id, position FROM staged_membership
    ON CONFLICT (product_id, category_id) DO UPDATE SET position = excluded.position
    WHERE c.position <> excluded.position";
const PUT_MEDIA: &str = "
    INSERT INTO media AS m (id, product_id, variant_id, position, kind, url, alt)
    SELECT id, product_id, variant_id, position, kind::media_kind, url, alt FROM staged_media
    ON CONFLICT (id) DO UPDATE SET
        variant_id = excluded.variant_id, position = excluded.position, kind = excluded.kind,
        url = excluded.url, alt = excluded.alt
    WHERE (m.variant_id, m.position, m.kind, m.url, m.alt)
        IS DISTINCT FROM (excluded.variant_id, excluded.position, excluded.kind, excluded.url, excluded.alt)";
const PUT_RELATIONS: &str = "
    INSERT INTO relation AS r (product_id, related_id, kind, position)
    SELECT product_id, related_id, kind::relation_kind, position FROM staged_relation
    ON CONFLICT (product_id, related_id, kind) DO UPDATE SET position = excluded.position
    WHERE r.position <> excluded.position";
const PUT_STOCK: &str = "
    INSERT INTO stock AS k (variant_id, product_id, location, quantity)
    SELECT variant_id, product_id, location, quantity FROM staged_stock
    ON CONFLICT (variant_id, location) DO UPDATE SET quantity = excluded.quantity
    WHERE k.quantity <> excluded.quantity";
/// Makes these products stand as they are here.
pub async fn merge_products(tx: &Transaction, rows: &ProductRows<'_>) -> Result<(), StoreError> {
    staging::products(tx, rows).await?;
    let there: Vec<Uuid> =
        rows.products.iter().filter(|row| !row.is_new).map(|row| row.id).collect();
    if !there.is_empty() {
        for removal in REMOVALS {
            tx.execute(removal, &[&there]).await?;
        }
        tx.execute(UPDATE, &[]).await?;
        tx.execute(UPDATE_VARIANTS, &[]).await?;
    }
    let steps = [
        (rows.products.len() > there.len(), INSERT),
        (!rows.translations.is_empty(), PUT_TRANSLATIONS),
        (rows.variants.iter().any(|row| row.is_new), INSERT_VARIANTS),
        (!rows.prices.is_empty(), PUT_PRICES),
        (!rows.memberships.is_empty(), PUT_MEMBERSHIPS),
        (!rows.media.is_empty(), PUT_MEDIA),
        (!rows.relations.is_empty(), PUT_RELATIONS),
        (!rows.stock.is_empty(), PUT_STOCK),
    ];
    for (needed, statement) in steps {
        if needed {
            tx.execute(statement, &[]).await?;
        }
    }
    Ok(())
}
