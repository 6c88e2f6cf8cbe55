//! Many products at once.

use reqwest::StatusCode;
use uuid::Uuid;

use crate::support::Here;

#[tokio::test(flavor = "multi_thread")]
async fn the_order_is_kept_and_the_missing_are_named() {
    let here = Here::new().await;
    let mut ids = Vec::new();
    for slug in ["a", "b", "c"] {
        ids.push(here.editor.product(slug).await);
    }
    here.seen(&format!("/v1/products/{}", ids[2])).await;
    let nobody = Uuid::now_v7();
    let asked = [ids[2], nobody, ids[0], ids[1]].map(|id| id.to_string()).join(",");
    let answer = here.get(&format!("/v1/products?ids={asked}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let json = answer.json();
    let found: Vec<_> =
        json["products"].as_array().unwrap().iter().map(|product| &product["id"]).collect();
    assert_eq!(found, [&ids[2], &ids[0], &ids[1]].map(|id| serde_json::json!(id)).each_ref());
    assert_eq!(json["missing"], serde_json::json!([nobody]));
    let again = here
        .service
        .get_with(&format!("/v1/products?ids={asked}"), "if-none-match", answer.header("etag"))
        .await;
    assert_eq!((again.status, again.layer()), (StatusCode::NOT_MODIFIED, "moka"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_lists_of_ids_are_refused_by_name() {
    let here = Here::new().await;
    let many = vec![Uuid::nil().to_string(); 101].join(",");
    for ids in ["", "sock", many.as_str()] {
        let answer = here.get(&format!("/v1/products?ids={ids}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{ids}");
        assert_eq!(answer.json()["errors"][0]["parameter"], "ids");
    }
}
