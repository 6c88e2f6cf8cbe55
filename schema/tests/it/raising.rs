//! Every table of the aggregate, every event: exactly what was touched is raised, once.

use std::collections::BTreeSet;

use catalog_core::key::EntityKey;
use uuid::Uuid;

use crate::support::{
    CLOTHES, HAT, SOCK, SOCKS, catalog, category_slug, connect, raised_by, run, slug,
};

const SCARF: Uuid = Uuid::from_u128(0xa3);
const HATS: Uuid = Uuid::from_u128(0xc3);

/// Statements in the order in which they are run, and what each raises.
fn writes() -> Vec<(&'static str, Vec<EntityKey>)> {
    let mut writes = product_writes();
    writes.extend(part_writes());
    writes.extend(category_writes());
    writes.extend(rules_writes());
    writes
}

fn product_writes() -> Vec<(&'static str, Vec<EntityKey>)> {
    let (sock, hat, scarf) =
        (EntityKey::product(SOCK), EntityKey::product(HAT), EntityKey::product(SCARF));
    vec![
        (
            "INSERT INTO product (id, slug) VALUES ('00000000-0000-0000-0000-0000000000a3', 'scarf')",
            vec![scarf, slug("scarf")],
        ),
        ("UPDATE product SET brand = 'Goat' WHERE slug = 'wool-sock'", vec![sock]),
        (
            "UPDATE product SET brand = brand WHERE slug IN ('wool-sock', 'felt-hat')",
            vec![sock, hat],
        ),
        ("UPDATE product SET brand = 'nobody' WHERE slug = 'no-such'", vec![]),
        (
            "INSERT INTO variant (id, product_id, sku) VALUES \
             ('00000000-0000-0000-0000-0000000000b4', '00000000-0000-0000-0000-0000000000a3', 'SCARF')",
            vec![scarf, EntityKey::sku("SCARF")],
        ),
        ("UPDATE variant SET barcode = '1' WHERE sku = 'SCARF'", vec![scarf]),
        (
            "UPDATE variant SET product_id = '00000000-0000-0000-0000-0000000000a2' WHERE sku = 'SCARF'",
            vec![scarf, hat, EntityKey::sku("SCARF")],
        ),
    ]
}

fn part_writes() -> Vec<(&'static str, Vec<EntityKey>)> {
    let (sock, hat) = (EntityKey::product(SOCK), EntityKey::product(HAT));
    vec![
        (
            "INSERT INTO product_translation VALUES ('00000000-0000-0000-0000-0000000000a2', 'en', 'Hat')",
            vec![hat],
        ),
        ("UPDATE product_translation SET description = 'Green' WHERE name = 'Hat'", vec![hat]),
        ("DELETE FROM product_translation WHERE name = 'Hat'", vec![hat]),
        (
            "INSERT INTO price (product_id, variant_id, channel, currency, amount) VALUES \
             ('00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000b3', 'web', 'GBP', 5)",
            vec![hat],
        ),
        ("UPDATE price SET amount = 6 WHERE currency = 'GBP'", vec![hat]),
        ("DELETE FROM price WHERE currency = 'GBP'", vec![hat]),
        (
            "INSERT INTO product_category VALUES \
             ('00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000c1')",
            vec![hat],
        ),
        ("UPDATE product_category SET position = 9", vec![hat, sock]),
        (
            "DELETE FROM product_category WHERE product_id = '00000000-0000-0000-0000-0000000000a2'",
            vec![hat],
        ),
        (
            "INSERT INTO media (id, product_id, url) VALUES \
             ('00000000-0000-0000-0000-0000000000d3', '00000000-0000-0000-0000-0000000000a2', 'https://a.example')",
            vec![hat],
        ),
        (
            "UPDATE media SET product_id = '00000000-0000-0000-0000-0000000000a1' WHERE url = 'https://a.example'",
            vec![hat, sock],
        ),
        ("DELETE FROM media WHERE url = 'https://a.example'", vec![sock]),
        (
            "INSERT INTO relation VALUES \
             ('00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000a1', 'related')",
            vec![hat],
        ),
        ("UPDATE relation SET position = 4 WHERE kind = 'related'", vec![hat]),
        ("DELETE FROM relation WHERE kind = 'related'", vec![hat]),
        ("UPDATE variant_availability SET availability = 'few_left'", vec![hat, sock]),
        ("DELETE FROM variant_availability", vec![hat, sock]),
        (
            "INSERT INTO variant_availability VALUES \
             ('00000000-0000-0000-0000-0000000000b3', '00000000-0000-0000-0000-0000000000a2', 'few_left')",
            vec![hat],
        ),
        ("DELETE FROM stock WHERE product_id = '00000000-0000-0000-0000-0000000000a2'", vec![hat]),
    ]
}

fn category_writes() -> Vec<(&'static str, Vec<EntityKey>)> {
    let (clothes, socks, hats) =
        (EntityKey::category(CLOTHES), EntityKey::category(SOCKS), EntityKey::category(HATS));
    vec![
        (
            "INSERT INTO category (id, slug) VALUES ('00000000-0000-0000-0000-0000000000c3', 'hats')",
            vec![hats, category_slug("hats")],
        ),
        ("UPDATE category SET position = 5 WHERE slug = 'clothes'", vec![clothes]),
        (
            "INSERT INTO category_translation VALUES ('00000000-0000-0000-0000-0000000000c3', 'en', 'Hats')",
            vec![hats],
        ),
        ("UPDATE category_translation SET description = ''", vec![hats, socks]),
        ("DELETE FROM category_translation WHERE name = 'Hats'", vec![hats]),
        (
            "INSERT INTO slug_history (scope, slug, entity_id) VALUES \
             ('category', 'caps', '00000000-0000-0000-0000-0000000000c3')",
            vec![category_slug("caps")],
        ),
        (
            "UPDATE slug_history SET slug = 'bonnets'",
            vec![category_slug("caps"), category_slug("bonnets")],
        ),
        ("DELETE FROM slug_history", vec![category_slug("bonnets")]),
    ]
}

fn rules_writes() -> Vec<(&'static str, Vec<EntityKey>)> {
    [
        "INSERT INTO channel (code) VALUES ('app')",
        "UPDATE channel SET code = 'kiosk' WHERE code = 'app'",
        "DELETE FROM channel WHERE code = 'kiosk'",
        "INSERT INTO locale (code, fallback) VALUES ('de-AT', 'de')",
        "UPDATE locale SET fallback = 'en' WHERE code = 'de-AT'",
        "DELETE FROM locale WHERE code = 'de-AT'",
        "INSERT INTO currency (code, exponent) VALUES ('JPY', 0)",
        "UPDATE currency SET exponent = 1 WHERE code = 'JPY'",
        "DELETE FROM currency WHERE code = 'JPY'",
    ]
    .into_iter()
    .map(|sql| (sql, vec![EntityKey::RULES]))
    .chain([("INSERT INTO channel (code) VALUES ('web') ON CONFLICT DO NOTHING", vec![])])
    .collect()
}

#[tokio::test]
async fn every_write_raises_what_it_touched_by_one() {
    let (_database, client) = catalog().await;
    for (sql, expected) in writes() {
        assert_eq!(raised_by(&client, sql).await, BTreeSet::from_iter(expected), "{sql}");
    }
}

#[tokio::test]
async fn a_session_that_poses_as_a_replica_raises_all_the_same() {
    let (database, _client) = catalog().await;
    let client = connect(&database.primary.superuser).await;
    run(&client, "SET session_replication_role = replica").await;
    for (sql, expected) in writes() {
        assert_eq!(raised_by(&client, sql).await, BTreeSet::from_iter(expected), "{sql}");
    }
}
