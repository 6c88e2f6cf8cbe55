//! Every wrong field is told, and where it is.

use serde_json::json;

use crate::samples::{plain, sock};
use crate::service::Service;

#[tokio::test]
async fn all_that_is_wrong_with_a_product_is_told_at_once() {
    let service = Service::start().await;
    let wrong = json!({
        "slug": "Not A Slug",
        "status": "sold",
        "colour": "red",
        "brand": 7,
        "options": ["size", "size"],
        "attributes": {"deep": {"a": {"b": 1}}},
        "publish_at": "2026-02-01T00:00:00Z",
        "unpublish_at": "2026-01-01T00:00:00Z",
        "translations": {"xx": {"name": "?"}, "en": {"name": " "}},
        "variants": [
            {"sku": "A", "options": {"size": "M", "color": "red"}, "prices": [
                {"channel": "web", "currency": "EUR", "amount": -1},
                {"channel": "moon", "currency": "XXX", "amount": 1, "compare_at": 0},
                {"channel": "web", "currency": "EUR", "amount": 1,
                 "valid_from": "2026-02-01T00:00:00Z", "valid_until": "tomorrow"},
                {"channel": "web", "currency": "EUR", "amount": 2,
                 "valid_from": "2026-02-01T00:00:00Z"},
            ]},
            {"sku": "A", "options": {}},
            {"options": {"size": "L"}},
            "B",
        ],
        "categories": [{"slug": "nowhere"}, {"id": "x"}, {}],
        "media": [{"url": "ftp://cdn.test/a"}, {"url": "https://cdn.test/a", "variant_sku": "Z"}],
        "relations": [{"kind": "friend", "product": {"slug": "nobody"}}],
    });
    let answer = service.post("/v1/products", &wrong).await.is(422);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let mut problem = answer.body;
    let errors = problem["errors"].as_array_mut().unwrap();
    errors.sort_by_key(|error| error["pointer"].as_str().unwrap().to_owned());
    insta::assert_json_snapshot!(problem);
}

#[tokio::test]
async fn references_that_lead_nowhere_are_told() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let patch = json!({
        "categories": [{"slug": "nowhere"}],
        "relations": [
            {"kind": "related", "product": {"external_key": "nobody"}},
            {"kind": "related", "product": {"slug": "sock"}},
        ],
    });
    let answer = service.patch(&place, created.etag(), &patch).await.is(422);
    assert_eq!(
        answer.pointers(),
        ["/categories/0/slug", "/relations/0/product/external_key", "/relations/1"]
    );
    assert_eq!(service.get(&place).await.etag(), created.etag());
}

#[tokio::test]
async fn one_thing_named_in_two_ways_is_named_twice() {
    let service = Service::start().await;
    let other = service.post("/v1/products", &plain("other")).await.is(201);
    let category =
        json!({"slug": "socks", "external_key": "c1", "translations": {"en": {"name": "S"}}});
    service.post("/v1/categories", &category).await.is(201);
    let mut product = plain("sock");
    product["categories"] = json!([{"slug": "socks"}, {"external_key": "c1"}]);
    product["relations"] = json!([
        {"kind": "related", "product": {"slug": "other"}},
        {"kind": "up_sell", "product": {"slug": "other"}},
        {"kind": "related", "product": {"id": other.id()}},
    ]);
    let answer = service.post("/v1/products", &product).await.is(422);
    assert_eq!(answer.pointers(), ["/categories/1", "/relations/2"]);
}

#[tokio::test]
async fn what_is_deleted_may_stay_referred_to_but_not_become_so() {
    let service = Service::start().await;
    let other = service.post("/v1/products", &plain("other")).await.is(201);
    let mut product = plain("sock");
    product["relations"] = json!([{"kind": "related", "product": {"slug": "other"}}]);
    let created = service.post("/v1/products", &product).await.is(201);
    service.delete(&format!("/v1/products/{}", other.id()), other.etag()).await.is(204);

    let place = format!("/v1/products/{}", created.id());
    let mut edited = created.body.clone();
    edited["brand"] = json!("B");
    service.put(&place, created.etag(), &edited).await.is(200);
    let mut another = plain("another");
    another["relations"] = json!([{"kind": "related", "product": {"id": other.id()}}]);
    let answer = service.post("/v1/products", &another).await.is(422);
    assert_eq!(answer.pointers(), ["/relations/0/product/id"]);
}

#[tokio::test]
async fn texts_that_the_database_cannot_hold_are_told() {
    let service = Service::start().await;
    let mut product = sock("sock");
    product["brand"] = json!("a\u{0}b");
    product["attributes"]["x\u{0}"] = json!("y");
    product["translations"]["en"]["name"] = json!("n".repeat(1001));
    let answer = service.post("/v1/products", &product).await.is(422);
    assert_eq!(answer.pointers(), ["/attributes", "/brand", "/translations/en/name"]);
}

#[tokio::test]
async fn numbers_and_moments_come_back_as_they_were_sent() {
    let service = Service::start().await;
    let mut product = plain("sock");
    product["attributes"] = json!({
        "whole": 1, "one": 1.0, "tenth": 0.1, "tiny": 1e-7, "big": 9_007_199_254_740_991_i64,
        "emoji": "🧦", "empty": [], "measure": {"value": -2.50, "unit": "°C"},
    });
    product["publish_at"] = json!("2026-11-27T10:00:00.123456+01:00");
    let created = service.post("/v1/products", &product).await.is(201);
    assert_eq!(created.body["attributes"], product["attributes"]);
    assert_eq!(created.body["publish_at"], "2026-11-27T09:00:00.123456Z");
    let place = format!("/v1/products/{}", created.id());
    let replaced = service.put(&place, created.etag(), &created.body).await.is(200);
    assert_eq!(replaced.etag(), created.etag());
}

#[tokio::test]
async fn whole_numbers_that_not_every_reader_keeps_are_refused() {
    let service = Service::start().await;
    let mut product = plain("sock");
    product["attributes"] = json!({
        "above": 9_007_199_254_740_992_i64, "below": -9_007_199_254_740_992_i64,
        "huge": 1e20, "length": {"value": u64::MAX, "unit": "m"}, "fine": -9_007_199_254_740_991_i64,
    });
    let answer = service.post("/v1/products", &product).await.is(422);
    assert_eq!(
        answer.pointers(),
        ["/attributes/above", "/attributes/below", "/attributes/huge", "/attributes/length/value"]
    );
}

#[tokio::test]
async fn a_list_is_no_object_though_it_has_its_fields_in_order() {
    let service = Service::start().await;
    let mut product = plain("sock");
    product["attributes"] = json!({"length": [5, "cm"], "seasons": ["autumn"]});
    product["translations"]["de"] = json!(["Socke", "warm"]);
    product["media"] = json!([["image", "https://cdn.test/a"]]);
    let answer = service.post("/v1/products", &product).await.is(422);
    assert_eq!(answer.pointers(), ["/media/0", "/translations/de", "/attributes/length"]);
    service.post("/v1/products", &json!([])).await.is(422);
}
