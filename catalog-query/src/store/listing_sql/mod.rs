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

mod fragments;

use crate::listing::Order;

use super::{Place, shown::columns};
use fragments::{
    GATHERED, OLDER, SUBTREE, VISIBLE, greater, holds, is_in_subtree, is_visible, lowest,
    microseconds,
};

/// All products in this order.
pub(super) fn all(place: Place, order: Order) -> String {
    let list = match order {
        Order::Price(..) => price(),
        Order::Newest | Order::Position => newest(),
    };
    statement(place, "", "true", &list)
}

/// A bounded walk for those in a category; `None` where gathering is always the better way.
pub(super) fn walk(place: Place, order: Order) -> Option<String> {
    let (window, list) = match order {
        Order::Newest => (newest_window(), newest_walk()),
        Order::Price(..) => (price_window(), price_walk()),
        Order::Position => return None,
    };
    let ended = format!("(SELECT count(*) < $8 FROM ({window}) seen)");
    Some(statement(place, SUBTREE, &ended, &list))
}

/// Those in a category, gathered.
pub(super) fn gather(place: Place, order: Order) -> String {
    let list = match order {
        Order::Newest => newest_gather(),
        Order::Price(..) => price_gather(),
        Order::Position => position(),
    };
    statement(place, SUBTREE, "true", &list)
}

fn statement(place: Place, with: &str, ended: &str, list: &str) -> String {
    let shown = columns(place);
    format!(
        "{with}
        SELECT {shown}, {ended} AS ended, l.id, l.key
        FROM history h LEFT JOIN LATERAL ({list}) l ON true"
    )
}

fn newest() -> String {
    let key = microseconds("p.created_at");
    format!(
        "SELECT p.id, {key} AS key FROM product p WHERE {VISIBLE} AND {OLDER}
         ORDER BY p.created_at DESC, p.id DESC LIMIT $2"
    )
}

/// The rows that a walk looks at.
fn newest_window() -> String {
    format!(
        "SELECT p.id, p.created_at, p.publish_at, p.unpublish_at FROM product p
         WHERE p.deleted_at IS NULL AND p.status = 'active' AND {OLDER}
         ORDER BY p.created_at DESC, p.id DESC LIMIT $8"
    )
}

fn newest_walk() -> String {
    let (window, key) = (newest_window(), microseconds("w.created_at"));
    let is_in_subtree = is_in_subtree("w.id");
    format!(
        "SELECT w.id, {key} AS key FROM ({window}) w
         WHERE (w.publish_at IS NULL OR w.publish_at <= $1)
           AND (w.unpublish_at IS NULL OR $1 < w.unpublish_at) AND {is_in_subtree}
         ORDER BY w.created_at DESC, w.id DESC LIMIT $2"
    )
}

fn newest_gather() -> String {
    let key = microseconds("o.created_at");
    format!(
        "SELECT o.id, {key} AS key FROM ({GATHERED}) g CROSS JOIN LATERAL (
             SELECT p.id, p.created_at FROM product p
             WHERE p.id = g.product_id AND {VISIBLE} AND {OLDER} OFFSET 0) o
         ORDER BY o.created_at DESC, o.id DESC LIMIT $2"
    )
}

/// A product stands where one of its prices that hold is its lowest in force; once, though several
/// variants may cost the same.
fn price() -> String {
    let (holds, after) = (holds("r"), greater("r.amount", "r.product_id"));
    let (is_visible, lowest) = (is_visible("r.product_id"), lowest("r.product_id"));
    format!(
        "SELECT DISTINCT ON (r.amount, r.product_id) r.product_id AS id, r.amount AS key
         FROM price r WHERE {holds} AND {after} AND {is_visible} AND r.amount = {lowest}
         ORDER BY r.amount, r.product_id LIMIT $2"
    )
}

/// The rows that a walk looks at.
fn price_window() -> String {
    let (holds, after) = (holds("r"), greater("r.amount", "r.product_id"));
    format!(
        "SELECT r.amount, r.product_id FROM price r WHERE {holds} AND {after}
         ORDER BY r.amount, r.product_id LIMIT $8"
    )
}

fn price_walk() -> String {
    let (window, is_in_subtree) = (price_window(), is_in_subtree("w.product_id"));
    let (is_visible, lowest) = (is_visible("w.product_id"), lowest("w.product_id"));
    format!(
        "SELECT DISTINCT ON (w.amount, w.product_id) w.product_id AS id, w.amount AS key
         FROM ({window}) w
         WHERE CASE WHEN {is_in_subtree} THEN {is_visible} AND w.amount = {lowest} END
         ORDER BY w.amount, w.product_id LIMIT $2"
    )
}

fn price_gather() -> String {
    let (after, lowest) = (greater("o.amount", "o.id"), lowest("p.id"));
    format!(
        "SELECT o.id, o.amount AS key FROM ({GATHERED}) g CROSS JOIN LATERAL (
             SELECT p.id, {lowest} AS amount FROM product p
             WHERE p.id = g.product_id AND {VISIBLE} OFFSET 0) o
         WHERE {after}
         ORDER BY o.amount, o.id LIMIT $2"
    )
}

fn position() -> String {
    let (after, is_visible) = (greater("min(m.position)", "m.product_id"), is_visible("w.id"));
    format!(
        "SELECT w.id, w.key FROM (
             SELECT m.product_id AS id, min(m.position)::bigint AS key
             FROM subtree s JOIN product_category m ON m.category_id = s.id
             GROUP BY m.product_id HAVING {after} ORDER BY 2, 1) w
         WHERE {is_visible}
         ORDER BY w.key, w.id LIMIT $2"
    )
}
