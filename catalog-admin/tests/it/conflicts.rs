//! What must be unique belongs to one, and the others are told to whom.

use serde_json::{Value, json};

use crate::samples::{category, plain, sock};
use crate::service::{Answer, Service};

fn owners(answer: &Answer) -> Vec<(&str, &str)> {
    let owners = answer.body["owners"].as_array().unwrap();
    let text = |owner: &'static str, value: &Value| value[owner].as_str().map(str::len);
    assert!(owners.iter().all(|one| text("value", one).is_some()));
    owners
        .iter()
        .map(|one| {
            let owner = one["product_id"].as_str().or(one["category_id"].as_str());
            (one["pointer"].as_str().unwrap(), owner.unwrap())
        })
        .collect()
}

#[tokio::test]
async fn all_taken_values_are_told_with_their_owners() {
    let service = Service::start().await;
    let first = service.post("/v1/products", &sock("first")).await.is(201);
    let second = service.post("/v1/products", &plain("second")).await.is(201);
    let mut wanted = plain("first");
    wanted["external_key"] = json!("erp-first");
    wanted["variants"] = json!([{"sku": "free"}, {"sku": "second-1"}, {"sku": "first-red-m"}]);
    let answer = service.post("/v1/products", &wanted).await.is(409);
    assert_eq!(answer.body["type"], "/problems/taken");
    let mut told = owners(&answer);
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("/external_key", first.id()),
            ("/slug", first.id()),
            ("/variants/1/sku", second.id()),
            ("/variants/2/sku", first.id()),
        ]
    );
}

#[tokio::test]
async fn a_change_that_takes_anothers_slug_leaves_everything_as_it_was() {
    let service = Service::start().await;
    let first = service.post("/v1/products", &plain("first")).await.is(201);
    let second = service.post("/v1/products", &plain("second")).await.is(201);
    let place = format!("/v1/products/{}", second.id());
    let patch = json!({"slug": "first", "brand": "B"});
    let answer = service.patch(&place, second.etag(), &patch).await.is(409);
    assert_eq!(owners(&answer), [("/slug", first.id())]);
    assert_eq!(service.get(&place).await.etag(), second.etag());
}

#[tokio::test]
async fn a_category_and_a_product_may_have_the_same_slug_but_not_two_categories() {
    let service = Service::start().await;
    service.post("/v1/products", &plain("socks")).await.is(201);
    let first = service.post("/v1/categories", &category("socks")).await.is(201);
    let answer = service.post("/v1/categories", &category("socks")).await.is(409);
    assert_eq!(owners(&answer), [("/slug", first.id())]);
}

#[tokio::test]
async fn a_variant_that_is_given_up_leaves_its_sku_to_others() {
    let service = Service::start().await;
    let first = service.post("/v1/products", &plain("first")).await.is(201);
    let place = format!("/v1/products/{}", first.id());
    let given_up = service.patch(&place, first.etag(), &json!({"variants": []})).await.is(200);
    let mut second = plain("second");
    second["variants"] = json!([{"sku": "first-1"}]);
    service.post("/v1/products", &second).await.is(201);
    let back = json!({"variants": [{"sku": "first-1"}]});
    service.patch(&place, given_up.etag(), &back).await.is(409);
}

#[tokio::test]
async fn of_two_creations_at_once_one_is_told_of_the_other() {
    let service = Service::start().await;
    let (first, second) = (plain("sock"), plain("sock"));
    let (first, second) =
        tokio::join!(service.post("/v1/products", &first), service.post("/v1/products", &second),);
    let (winner, loser) = if first.status == 201 { (first, second) } else { (second, first) };
    let loser = loser.is(409);
    let winner = winner.is(201);
    assert!(owners(&loser).iter().all(|(_, owner)| *owner == winner.id()));
}
