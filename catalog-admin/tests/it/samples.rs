//! Documents to begin with.

use serde_json::{Value, json};

/// A product with something in every field that needs no other document.
pub(crate) fn sock(slug: &str) -> Value {
    json!({
        "external_key": format!("erp-{slug}"),
        "slug": slug,
        "status": "active",
        "brand": "Strick & Co",
        "options": ["color", "size"],
        "attributes": {
            "material": "wool",
            "weight": {"value": 80.5, "unit": "g"},
            "washable": true,
            "rating": 4.5,
            "seasons": ["autumn", "winter"],
        },
        "few_left_threshold": 3,
        "publish_at": "2026-01-01T00:00:00Z",
        "unpublish_at": "2031-01-01T00:00:00Z",
        "translations": {
            "en": {"name": "Wool sock", "description": "Warm."},
            "de": {"name": "Wollsocke", "description": ""},
        },
        "variants": [
            {
                "sku": format!("{slug}-red-m"),
                "barcode": "4006381333931",
                "options": {"color": "red", "size": "M"},
                "prices": [
                    {"channel": "web", "currency": "EUR", "amount": 1290, "compare_at": 1590,
                     "valid_from": null, "valid_until": null},
                    {"channel": "web", "currency": "EUR", "amount": 990, "compare_at": null,
                     "valid_from": "2026-11-27T09:00:00Z", "valid_until": "2026-11-30T00:00:00Z"},
                ],
                "stock": [{"location": "main", "quantity": 10}],
            },
            {
                "sku": format!("{slug}-blue-m"),
                "options": {"color": "blue", "size": "M"},
                "prices": [{"channel": "pos", "currency": "USD", "amount": 1400}],
            },
        ],
        "media": [
            {"kind": "image", "url": format!("https://cdn.test/{slug}.jpg"),
             "alt": {"en": "A sock"}, "variant_sku": format!("{slug}-red-m")},
            {"kind": "video", "url": format!("https://cdn.test/{slug}.mp4"), "alt": {}},
        ],
    })
}

/// The least that a product can be.
pub(crate) fn plain(slug: &str) -> Value {
    json!({
        "slug": slug,
        "translations": {"en": {"name": slug}},
        "variants": [{"sku": format!("{slug}-1")}],
    })
}

/// The least that a category can be.
pub(crate) fn category(slug: &str) -> Value {
    json!({"slug": slug, "translations": {"en": {"name": slug}}})
}
