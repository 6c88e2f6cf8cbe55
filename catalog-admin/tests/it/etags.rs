//! Nobody overwrites what they have not read.

use reqwest::Method;
use serde_json::json;

use crate::samples::{category, plain};
use crate::service::{Service, send};

#[tokio::test]
async fn a_change_without_if_match_is_refused() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let put = service.request(Method::PUT, &place).json(&created.body);
    let patch = service
        .request(Method::PATCH, &place)
        .header("content-type", "application/merge-patch+json")
        .body("{}");
    for request in [put, patch, service.request(Method::DELETE, &place)] {
        let answer = send(request).await.is(428);
        assert_eq!(answer.body["type"], "/problems/precondition-required");
    }
    assert_eq!(service.get(&place).await.etag(), created.etag());
}

#[tokio::test]
async fn a_tag_without_its_quotes_is_told_as_what_it_is() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let bare = created.etag().trim_matches('"');
    let answer = service.patch(&place, bare, &json!({"brand": "B"})).await.is(400);
    assert_eq!(answer.body["type"], "/problems/invalid-parameter");
    assert!(answer.body.to_string().contains("in its quotes"), "{}", answer.body);
}

#[tokio::test]
async fn an_older_state_is_refused_with_both_versions() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let newer = service.patch(&place, created.etag(), &json!({"brand": "B"})).await.is(200);
    for answer in [
        service.patch(&place, created.etag(), &json!({"brand": "C"})).await,
        service.put(&place, created.etag(), &created.body).await,
        service.delete(&place, created.etag()).await,
    ] {
        let answer = answer.is(412);
        assert_eq!(answer.body["type"], "/problems/version-conflict");
        assert_eq!(answer.body["current"], newer.etag());
        assert_eq!(answer.body["given"], created.etag());
        assert_eq!(answer.body["current_version"], 2);
        assert_eq!(answer.body["given_version"], 1);
    }
    assert_eq!(service.get(&place).await.body["brand"], "B");
}

#[tokio::test]
async fn of_two_patches_at_once_one_wins() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    for round in 0..5 {
        let current = service.get(&place).await.is(200);
        let [first, second] =
            [json!({"brand": format!("A{round}")}), json!({"brand": format!("B{round}")})];
        let (first, second) = tokio::join!(
            service.patch(&place, current.etag(), &first),
            service.patch(&place, current.etag(), &second),
        );
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let winner = if first.status == 200 { first } else { second };
        assert_eq!(service.get(&place).await.body, winner.body);
    }
}

#[tokio::test]
async fn a_category_is_guarded_in_the_same_way() {
    let service = Service::start().await;
    let created = service.post("/v1/categories", &category("socks")).await.is(201);
    let place = format!("/v1/categories/{}", created.id());
    send(service.request(Method::DELETE, &place)).await.is(428);
    service.patch(&place, created.etag(), &json!({"position": 2})).await.is(200);
    let answer = service.patch(&place, created.etag(), &json!({"position": 3})).await.is(412);
    assert_eq!(answer.body["given"], created.etag());
}

#[tokio::test]
async fn a_write_past_the_service_changes_the_tag() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let database = service.database().await;
    let id: uuid::Uuid = created.id().parse().unwrap();
    let statement = "UPDATE product_translation SET name = 'Socke' WHERE product_id = $1";
    assert_eq!(database.execute(statement, &[&id]).await.unwrap(), 1);
    service.patch(&place, created.etag(), &json!({"brand": "B"})).await.is(412);
    let read = service.get(&place).await.is(200);
    assert_eq!(read.body["version"], 2);
    service.patch(&place, read.etag(), &json!({"brand": "B"})).await.is(200);
}
