//! The history says who changed what.

use serde_json::{Value, json};

use crate::samples::plain;
use crate::service::Service;

#[tokio::test]
async fn every_change_is_in_the_history() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let patched = service.patch(&place, created.etag(), &json!({"brand": "B"})).await.is(200);
    let mut wanted = patched.body.clone();
    wanted["brand"] = json!("C");
    let replaced = service.put(&place, patched.etag(), &wanted).await.is(200);
    service.patch(&place, replaced.etag(), &json!({"slug": "Bad"})).await.is(422);
    service.delete(&place, replaced.etag()).await.is(204);

    let history = service.get(&format!("{place}/revisions")).await.is(200);
    let items = history.body["items"].as_array().unwrap();
    let seen: Vec<(i64, &str, &Value)> = items
        .iter()
        .map(|one| {
            let brand = &one["document"]["brand"];
            (one["version"].as_i64().unwrap(), one["action"].as_str().unwrap(), brand)
        })
        .collect();
    let expected = [
        (4, "delete", &Value::Null),
        (3, "replace", &json!("C")),
        (2, "patch", &json!("B")),
        (1, "create", &Value::Null),
    ];
    assert_eq!(seen, expected);
    assert!(items.iter().all(|one| one["actor"] == "editor@test"));
    assert_eq!(items[0]["document"], Value::Null);
}

#[tokio::test]
async fn the_history_has_pages() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let patched = service.patch(&place, created.etag(), &json!({"brand": "B"})).await.is(200);
    service.patch(&place, patched.etag(), &json!({"brand": "C"})).await.is(200);
    let first = service.get(&format!("{place}/revisions?limit=2")).await.is(200);
    assert_eq!(first.body["items"].as_array().unwrap().len(), 2);
    let next = first.body["next"].as_str().unwrap();
    let second = service.get(&format!("{place}/revisions?limit=2&cursor={next}")).await.is(200);
    assert_eq!(second.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(second.body["items"][0]["action"], "create");
    let nobody = "/v1/products/00000000-0000-0000-0000-000000000000/revisions";
    service.get(nobody).await.is(404);
}
