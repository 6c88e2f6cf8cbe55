//! What the statements have in common.

/// `p` is a product that storefronts show now.
pub(super) const VISIBLE: &str = "
p.deleted_at IS NULL AND p.status = 'active'
AND (p.publish_at IS NULL OR p.publish_at <= $1)
AND (p.unpublish_at IS NULL OR $1 < p.unpublish_at)";

/// `p` comes after the position, by creation.
pub(super) const OLDER: &str = "
(p.created_at, p.id) <
    (coalesce($3, 'infinity'), coalesce($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))";

/// The category and those below it.
pub(super) const SUBTREE: &str = "
WITH RECURSIVE subtree AS (
    SELECT c.id FROM category c WHERE c.id = $7 AND c.deleted_at IS NULL
    UNION
    SELECT c.id FROM subtree s JOIN category c ON c.parent_id = s.id WHERE c.deleted_at IS NULL
)";

/// The products in them.
pub(super) const GATHERED: &str = "
SELECT DISTINCT m.product_id FROM subtree s JOIN product_category m ON m.category_id = s.id";

/// It comes after the position, by a number that rises.
pub(super) fn greater(key: &str, id: &str) -> String {
    format!(
        "({key}, {id}) > (coalesce($3, -9223372036854775807),
            coalesce($4, '00000000-0000-0000-0000-000000000000'))"
    )
}

/// A price that holds now.
pub(super) fn holds(price: &str) -> String {
    format!(
        "{price}.channel = $5 AND {price}.currency = $6
         AND ({price}.valid_from IS NULL OR {price}.valid_from <= $1)
         AND ({price}.valid_until IS NULL OR $1 < {price}.valid_until)"
    )
}

/// The lowest price in force of a product. Of the prices of a living variant that hold, the one
/// that began last is in force, as `catalog_core::document::in_force` has it.
pub(super) fn lowest(product: &str) -> String {
    let holds = holds("x");
    format!(
        "(SELECT min(f.amount) FROM (
            SELECT DISTINCT ON (x.variant_id) x.amount
            FROM variant v JOIN price x ON x.variant_id = v.id
            WHERE v.product_id = {product} AND v.deleted_at IS NULL AND {holds}
            ORDER BY x.variant_id, x.valid_from DESC NULLS LAST) f)"
    )
}

/// Whether a product is visible.
pub(super) fn is_visible(product: &str) -> String {
    format!("(SELECT {VISIBLE} FROM product p WHERE p.id = {product})")
}

/// Whether a product is in the category or below it.
pub(super) fn is_in_subtree(product: &str) -> String {
    format!(
        "(SELECT true FROM product_category m WHERE m.product_id = {product}
            AND (m.category_id IN (SELECT id FROM subtree)) IS TRUE LIMIT 1)"
    )
}

/// As microseconds since 1970.
pub(super) fn microseconds(moment: &str) -> String {
    format!("(extract(epoch FROM {moment}) * 1000000)::bigint")
}
