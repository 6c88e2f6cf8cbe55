//! The text of the statements that page through products.
//!
//! Parameters: `$1` now, `$2` how many, `$3` and `$4` the position after which the page begins,
//! `$5` channel, `$6` currency, `$7` category, `$8` how many rows a walk looks at. Every statement is
//! given them all, with their types, and names those that it needs.
//!
//! A list without a category is a walk along an index. In a category there are two ways: to *walk*
//! the index of all products and keep those in the category, which is quick where the category is
//! large, and to *gather* the category's products and sort them, which is quick where it is small.
//! Rows cannot be counted beforehand more cheaply than walked, so a walk looks at a bounded number
//! of rows; unless that filled the page or reached the end, the products are gathered.
//!
//! The planner is not left a choice that depends on the size of a category, which it cannot know:
//! scalar subqueries and `OFFSET 0` keep it from turning probes into joins, `CASE` from making the
//! dearer probe first.

use crate::listing::Order;

use super::{Place, shown::columns};

/// A product that storefronts show now.
macro_rules! visible {
    () => {
        "p.deleted_at IS NULL AND p.status = 'active'
         AND (p.publish_at IS NULL OR p.publish_at <= $1)
         AND (p.unpublish_at IS NULL OR $1 < p.unpublish_at)"
    };
}

/// A price that holds now.
macro_rules! holds {
    ($price:literal) => {
        concat!(
            $price,
            ".channel = $5 AND ",
            $price,
            ".currency = $6",
            " AND (",
            $price,
            ".valid_from IS NULL OR ",
            $price,
            ".valid_from <= $1)",
            " AND (",
            $price,
            ".valid_until IS NULL OR $1 < ",
            $price,
            ".valid_until)"
        )
    };
}

/// The lowest price in force of a product: per living variant, of the prices that hold, the one
/// that began last is in force (as `catalog_core::document::in_force` has it).
macro_rules! lowest {
    ($product:literal) => {
        concat!(
            "(SELECT min(f.amount) FROM (
                SELECT DISTINCT ON (x.variant_id) x.amount
                FROM variant v JOIN price x ON x.variant_id = v.id
                WHERE v.product_id = ",
            $product,
            " AND v.deleted_at IS NULL AND ",
            holds!("x"),
            "
                ORDER BY x.variant_id, x.valid_from DESC NULLS LAST) f)"
        )
    };
}

macro_rules! after_newest {
    () => {
        "(p.created_at, p.id) < (coalesce($3, 'infinity'),
            coalesce($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))"
    };
}

macro_rules! after {
    ($key:literal, $id:literal) => {
        concat!(
            "(",
            $key,
            ", ",
            $id,
            ") > (coalesce($3, -9223372036854775807),
                coalesce($4, '00000000-0000-0000-0000-000000000000'))"
        )
    };
}

macro_rules! microseconds {
    ($moment:literal) => {
        concat!("(extract(epoch FROM ", $moment, ") * 1000000)::bigint")
    };
}

/// The rows that a walk by creation looks at.
macro_rules! newest_window {
    () => {
        concat!(
            "SELECT p.id, p.created_at, p.publish_at, p.unpublish_at FROM product p
             WHERE p.deleted_at IS NULL AND p.status = 'active' AND ",
            after_newest!(),
            "
             ORDER BY p.created_at DESC, p.id DESC LIMIT $8"
        )
    };
}

/// The rows that a walk by price looks at.
macro_rules! price_window {
    () => {
        concat!(
            "SELECT r.amount, r.product_id FROM price r
             WHERE ",
            holds!("r"),
            " AND ",
            after!("r.amount", "r.product_id"),
            "
             ORDER BY r.amount, r.product_id LIMIT $8"
        )
    };
}

/// Whether a product is in the category or below it.
macro_rules! in_subtree {
    ($product:literal) => {
        concat!(
            "(SELECT true FROM product_category m WHERE m.product_id = ",
            $product,
            "
              AND (m.category_id IN (SELECT id FROM subtree)) IS TRUE LIMIT 1)"
        )
    };
}

const SUBTREE: &str = "
WITH RECURSIVE subtree AS (
    SELECT c.id FROM category c WHERE c.id = $7 AND c.deleted_at IS NULL
    UNION
    SELECT c.id FROM subtree s JOIN category c ON c.parent_id = s.id WHERE c.deleted_at IS NULL
)";

const NEWEST: &str = concat!(
    "SELECT p.id, ",
    microseconds!("p.created_at"),
    " AS key FROM product p
     WHERE ",
    visible!(),
    " AND ",
    after_newest!(),
    "
     ORDER BY p.created_at DESC, p.id DESC LIMIT $2"
);

const NEWEST_WALK: &str = concat!(
    "SELECT p.id, ",
    microseconds!("p.created_at"),
    " AS key FROM (",
    newest_window!(),
    ") p
     WHERE (p.publish_at IS NULL OR p.publish_at <= $1)
       AND (p.unpublish_at IS NULL OR $1 < p.unpublish_at) AND ",
    in_subtree!("p.id"),
    "
     ORDER BY p.created_at DESC, p.id DESC LIMIT $2"
);

const NEWEST_WALK_ENDED: &str =
    concat!("(SELECT count(*) < $8 FROM (", newest_window!(), ") seen)");

const NEWEST_GATHER: &str = concat!(
    "SELECT o.id, ", microseconds!("o.created_at"), " AS key
     FROM (SELECT DISTINCT m.product_id FROM subtree s JOIN product_category m ON m.category_id = s.id) g
     CROSS JOIN LATERAL (
         SELECT p.id, p.created_at FROM product p
         WHERE p.id = g.product_id AND ", visible!(), " AND ", after_newest!(), " OFFSET 0) o
     ORDER BY o.created_at DESC, o.id DESC LIMIT $2"
);

// A product stands where one of its prices that hold is its lowest in force; once, though several
// variants may cost the same.
const PRICE: &str = concat!(
    "SELECT DISTINCT ON (r.amount, r.product_id) r.product_id AS id, r.amount AS key
     FROM price r
     WHERE ",
    holds!("r"),
    " AND ",
    after!("r.amount", "r.product_id"),
    "
       AND (SELECT ",
    visible!(),
    " FROM product p WHERE p.id = r.product_id)
       AND r.amount = ",
    lowest!("r.product_id"),
    "
     ORDER BY r.amount, r.product_id LIMIT $2"
);

const PRICE_WALK: &str = concat!(
    "SELECT DISTINCT ON (w.amount, w.product_id) w.product_id AS id, w.amount AS key
     FROM (",
    price_window!(),
    ") w
     WHERE CASE WHEN ",
    in_subtree!("w.product_id"),
    " THEN
               (SELECT ",
    visible!(),
    " FROM product p WHERE p.id = w.product_id)
               AND w.amount = ",
    lowest!("w.product_id"),
    " END
     ORDER BY w.amount, w.product_id LIMIT $2"
);

const PRICE_WALK_ENDED: &str = concat!("(SELECT count(*) < $8 FROM (", price_window!(), ") seen)");

const PRICE_GATHER: &str = concat!(
    "SELECT o.id, o.amount AS key
     FROM (SELECT DISTINCT m.product_id FROM subtree s JOIN product_category m ON m.category_id = s.id) g
     CROSS JOIN LATERAL (
         SELECT p.id, ", lowest!("p.id"), " AS amount FROM product p
         WHERE p.id = g.product_id AND ", visible!(), " OFFSET 0) o
     WHERE ", after!("o.amount", "o.id"), "
     ORDER BY o.amount, o.id LIMIT $2"
);

const POSITION: &str = concat!(
    "SELECT w.id, w.key FROM (
         SELECT m.product_id AS id, min(m.position)::bigint AS key
         FROM subtree s JOIN product_category m ON m.category_id = s.id
         GROUP BY m.product_id
         HAVING ",
    after!("min(m.position)", "m.product_id"),
    "
         ORDER BY 2, 1) w
     WHERE (SELECT ",
    visible!(),
    " FROM product p WHERE p.id = w.id)
     ORDER BY w.key, w.id LIMIT $2"
);

/// All products in this order.
pub(super) fn all(place: Place, order: Order) -> String {
    match order {
        Order::Price(..) => statement(place, "", "true", PRICE),
        Order::Newest | Order::Position => statement(place, "", "true", NEWEST),
    }
}

/// A bounded walk for those in a category; `None` where gathering is always the better way.
pub(super) fn walk(place: Place, order: Order) -> Option<String> {
    match order {
        Order::Newest => Some(statement(place, SUBTREE, NEWEST_WALK_ENDED, NEWEST_WALK)),
        Order::Price(..) => Some(statement(place, SUBTREE, PRICE_WALK_ENDED, PRICE_WALK)),
        Order::Position => None,
    }
}

/// Those in a category, gathered.
pub(super) fn gather(place: Place, order: Order) -> String {
    let list = match order {
        Order::Newest => NEWEST_GATHER,
        Order::Price(..) => PRICE_GATHER,
        Order::Position => POSITION,
    };
    statement(place, SUBTREE, "true", list)
}

fn statement(place: Place, with: &str, ended: &str, list: &str) -> String {
    let shown = columns(place);
    format!(
        "{with}
SELECT {shown}, {ended} AS ended, l.id, l.key
FROM history h LEFT JOIN LATERAL ({list}) l ON true"
    )
}
