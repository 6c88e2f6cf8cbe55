//! What is seen of a product, and until when.

use serde_json::json;

use super::*;

fn document() -> ProductDocument {
    serde_json::from_value(json!({
        "id": Uuid::from_u128(1), "external_key": null, "slug": "wool-sock", "status": "active",
        "brand": "Vitrina", "options": ["color"], "attributes": {"wool": 80, "length": {"value": 15.1, "unit": "cm"}},
        "few_left_threshold": 5, "publish_at": "2026-11-01T00:00:00Z", "unpublish_at": null,
        "created_at": "2026-10-01T00:00:00Z", "updated_at": "2026-10-02T00:00:00Z",
        "translations": {"en": {"name": "Wool sock", "description": "Warm."}},
        "variants": [
            {"id": Uuid::from_u128(11), "sku": "S-RED", "barcode": null, "options": {"color": "red"},
             "availability": "few_left", "prices": [
                {"channel": "web", "currency": "EUR", "amount": 1000, "compare_at": null, "valid_from": null, "valid_until": null},
                {"channel": "web", "currency": "EUR", "amount": 800, "compare_at": 1000,
                 "valid_from": "2026-11-27T09:00:00Z", "valid_until": "2026-11-28T00:00:00Z"}]},
            {"id": Uuid::from_u128(12), "sku": "S-BLUE", "barcode": "4006381333931", "options": {"color": "blue"},
             "availability": "out_of_stock", "prices": []}],
        "categories": [{"id": Uuid::from_u128(21), "position": 0}, {"id": Uuid::from_u128(22), "position": 1}],
        "media": [{"id": Uuid::from_u128(31), "variant_id": null, "kind": "image", "url": "https://media.example/1.webp",
                   "alt": {"en": "A sock"}}],
        "relations": [{"kind": "cross_sell", "product_id": Uuid::from_u128(2)}]
    }))
    .unwrap()
}

fn categories() -> BTreeMap<Uuid, Arc<CategoryDocument>> {
    let socks: CategoryDocument = serde_json::from_value(json!({
        "id": Uuid::from_u128(21), "external_key": null, "slug": "socks", "parent_id": null, "position": 0,
        "created_at": "2026-10-01T00:00:00Z", "updated_at": "2026-10-01T00:00:00Z",
        "translations": {"de": {"name": "Socken", "description": ""}, "en": {"name": "Socks", "description": ""}}
    }))
    .unwrap();
    BTreeMap::from([(socks.id, Arc::new(socks))])
}

fn rules() -> CatalogRules {
    serde_json::from_value(json!({
        "channels": [{"code": "web", "is_default": true}],
        "locales": [{"code": "en", "fallback": null, "is_default": true},
                    {"code": "de", "fallback": "en", "is_default": false}],
        "currencies": [{"code": "EUR", "exponent": 2, "is_default": true}]
    }))
    .unwrap()
}

fn render(document: &ProductDocument, now: &str) -> Rendered<ProductView> {
    let view = View {
        channel: "web".parse().unwrap(),
        locale: "de".parse().unwrap(),
        currency: "EUR".parse().unwrap(),
    };
    let now = now.parse().unwrap();
    render_product(document, Version(7), &categories(), &rules(), view, now)
}

#[test]
fn a_published_product_is_seen_in_its_view() {
    insta::assert_json_snapshot!(render(&document(), "2026-11-27T10:00:00Z").seen);
}

#[test]
fn the_next_boundary_is_that_of_a_publishing_time_or_a_price_in_the_view() {
    for (now, boundary) in [
        ("2026-10-31T00:00:00Z", Some("2026-11-01T00:00:00Z")),
        ("2026-11-01T00:00:00Z", Some("2026-11-27T09:00:00Z")),
        ("2026-11-27T09:00:00Z", Some("2026-11-28T00:00:00Z")),
        ("2026-11-28T00:00:00Z", None),
    ] {
        let expected = boundary.map(|text| text.parse().unwrap());
        assert_eq!(render(&document(), now).valid_until, expected, "{now}");
    }
}

#[test]
fn drafts_and_products_outside_their_publishing_time_are_not_seen() {
    assert_eq!(render(&document(), "2026-10-31T23:59:59Z").seen, None);
    let ended = ProductDocument {
        unpublish_at: Some("2026-11-20T00:00:00Z".parse().unwrap()),
        ..document()
    };
    assert_eq!(render(&ended, "2026-11-20T00:00:00Z").seen, None);
    let draft = ProductDocument { status: Status::Draft, ..document() };
    assert_eq!(render(&draft, "2026-11-27T10:00:00Z").seen, None);
}
