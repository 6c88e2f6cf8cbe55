//! The documents, field by field, and that catalog-core reads them.

use catalog_core::document::{CatalogRules, CategoryDocument, ProductDocument};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{CLOTHES, HAT, SOCK, SOCKS, catalog, connect, one, run};

async fn document(client: &Client, view: &str, id: Uuid) -> Value {
    let text: String =
        one(client, &format!("SELECT document::text FROM {view} WHERE id = '{id}'")).await;
    serde_json::from_str(&text).expect("a document")
}

#[tokio::test]
async fn a_product_is_whole_and_in_order() {
    let (_database, client) = catalog().await;
    let found = document(&client, "product_document", SOCK).await;
    assert_eq!(found, sock());
    serde_json::from_value::<ProductDocument>(found).expect("catalog-core reads it");
}

fn sock() -> Value {
    json!({
        "id": "00000000-0000-0000-0000-0000000000a1",
        "external_key": "SOCK",
        "slug": "wool-sock",
        "status": "active",
        "brand": "Sheep",
        "options": ["size", "color"],
        "attributes": {
            "material": "wool", "washable": true, "rating": 4.5, "tags": ["warm", "soft"],
            "weight": {"value": 80, "unit": "g"}
        },
        "few_left_threshold": 5,
        "publish_at": "2026-02-28T23:00:00.000000Z",
        "unpublish_at": null,
        "created_at": "2026-01-02T03:04:05.000000Z",
        "updated_at": "2026-01-02T03:04:05.678901Z",
        "translations": {
            "en": {"name": "Wool sock", "description": "Warm"},
            "de": {"name": "Wollsocke", "description": ""}
        },
        "variants": [sock_l(), {
            "id": "00000000-0000-0000-0000-0000000000b2",
            "sku": "SOCK-M",
            "barcode": null,
            "options": {"size": "M", "color": "grey"},
            "availability": "out_of_stock",
            "prices": []
        }],
        "categories": [
            {"id": "00000000-0000-0000-0000-0000000000c2", "position": 3},
            {"id": "00000000-0000-0000-0000-0000000000c1", "position": 7}
        ],
        "media": [
            {"id": "00000000-0000-0000-0000-0000000000d2",
             "variant_id": "00000000-0000-0000-0000-0000000000b1",
             "kind": "video", "url": "https://pictures.example/sock.mp4", "alt": {}},
            {"id": "00000000-0000-0000-0000-0000000000d1", "variant_id": null,
             "kind": "image", "url": "https://pictures.example/sock.jpg", "alt": {"en": "A sock"}}
        ],
        "relations": [{"kind": "accessory", "product_id": "00000000-0000-0000-0000-0000000000a2"}]
    })
}

fn sock_l() -> Value {
    json!({
        "id": "00000000-0000-0000-0000-0000000000b1",
        "sku": "SOCK-L",
        "barcode": "4006381333931",
        "options": {"size": "L", "color": "grey"},
        "availability": "in_stock",
        "prices": [
            {"channel": "pos", "currency": "EUR", "amount": 1399, "compare_at": null,
             "valid_from": null, "valid_until": null},
            {"channel": "web", "currency": "EUR", "amount": 1299, "compare_at": null,
             "valid_from": null, "valid_until": null},
            {"channel": "web", "currency": "EUR", "amount": 899, "compare_at": 1299,
             "valid_from": "2026-11-27T09:00:00.000000Z", "valid_until": "2026-11-28T00:00:00.000000Z"}
        ]
    })
}

#[tokio::test]
async fn a_product_without_anything_has_empty_parts() {
    let (_database, client) = catalog().await;
    run(&client, "UPDATE variant SET deleted_at = now() WHERE sku = 'HAT'").await;
    let found = document(&client, "product_document", HAT).await;
    for part in ["variants", "categories", "media", "relations", "options"] {
        assert_eq!(found[part], json!([]), "{part}");
    }
    assert_eq!((&found["translations"], &found["attributes"]), (&json!({}), &json!({})));
    serde_json::from_value::<ProductDocument>(found).expect("catalog-core reads it");
}

#[tokio::test]
async fn a_category_is_whole() {
    let (_database, client) = catalog().await;
    let found = document(&client, "category_document", SOCKS).await;
    let expected = json!({
        "id": "00000000-0000-0000-0000-0000000000c2",
        "external_key": null,
        "slug": "socks",
        "parent_id": "00000000-0000-0000-0000-0000000000c1",
        "position": 2,
        "created_at": "2026-01-02T03:04:05.000000Z",
        "updated_at": "2026-01-02T03:04:05.000000Z",
        "translations": {
            "en": {"name": "Socks", "description": "For feet"},
            "de": {"name": "Socken", "description": ""}
        }
    });
    assert_eq!(found, expected);
    serde_json::from_value::<CategoryDocument>(found).expect("catalog-core reads it");
    let top = document(&client, "category_document", CLOTHES).await;
    assert_eq!((&top["parent_id"], &top["translations"]), (&Value::Null, &json!({})));
}

#[tokio::test]
async fn the_rules_are_those_of_a_new_catalog() {
    let (_database, client) = catalog().await;
    let found = document(&client, "rules_document", Uuid::nil()).await;
    let expected = json!({
        "channels": [{"code": "pos", "is_default": false}, {"code": "web", "is_default": true}],
        "locales": [
            {"code": "de", "fallback": "en", "is_default": false},
            {"code": "en", "fallback": null, "is_default": true}
        ],
        "currencies": [
            {"code": "EUR", "exponent": 2, "is_default": true},
            {"code": "GBP", "exponent": 2, "is_default": false},
            {"code": "USD", "exponent": 2, "is_default": false}
        ]
    });
    assert_eq!(found, expected);
    serde_json::from_value::<CatalogRules>(found).expect("catalog-core reads it");
}

#[tokio::test]
async fn a_document_has_the_same_bytes_whatever_the_session_is_set_to() {
    let (database, client) = catalog().await;
    let sql = "SELECT string_agg(document::text, '' ORDER BY id) FROM product_document";
    let expected: String = one(&client, sql).await;
    let other = connect(&database.primary.query).await;
    run(
        &other,
        "SET timezone = 'Asia/Kolkata'; SET datestyle = 'German'; SET intervalstyle = 'iso_8601'",
    )
    .await;
    assert_eq!(one::<String>(&other, sql).await, expected);
}

#[tokio::test]
async fn what_was_deleted_has_no_document() {
    let (_database, client) = catalog().await;
    run(&client, "UPDATE product SET deleted_at = now(); UPDATE category SET deleted_at = now()")
        .await;
    for view in ["product_document", "category_document"] {
        assert_eq!(one::<i64>(&client, &format!("SELECT count(*) FROM {view}")).await, 0);
    }
}

#[tokio::test]
async fn documents_by_id_are_found_by_indexes_alone() {
    let (_database, client) = catalog().await;
    run(
        &client,
        "INSERT INTO product (id, slug) SELECT gen_random_uuid(), 'p-' || g FROM generate_series(1, 3000) g; \
         INSERT INTO variant (id, product_id, sku) SELECT gen_random_uuid(), id, slug FROM product; \
         INSERT INTO product_translation SELECT id, 'en', slug FROM product WHERE slug LIKE 'p-%'; \
         INSERT INTO price (product_id, variant_id, channel, currency, amount) \
           SELECT product_id, id, 'web', 'USD', 1 FROM variant; \
         INSERT INTO stock SELECT id, product_id, 'second', 9 FROM variant; \
         INSERT INTO product_category SELECT id, '00000000-0000-0000-0000-0000000000c1' FROM product \
           WHERE slug LIKE 'p-%'; \
         INSERT INTO media (id, product_id, url) SELECT gen_random_uuid(), id, 'https://a.example' FROM product; \
         INSERT INTO relation SELECT id, '00000000-0000-0000-0000-0000000000a1', 'related' FROM product \
           WHERE slug LIKE 'p-%'; \
         ANALYZE",
    )
    .await;
    for condition in [format!("id = '{SOCK}'"), format!("id = ANY ('{{{SOCK},{HAT}}}')")] {
        let sql = format!("EXPLAIN SELECT document FROM product_document WHERE {condition}");
        let plan = client.query(&sql, &[]).await.expect("a plan");
        let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
        assert!(!plan.join("\n").contains("Seq Scan"), "{plan:#?}");
    }
}
