//! What a product is rendered by has versions of its own.

use reqwest::StatusCode;
use uuid::Uuid;

use crate::support::{Here, Table, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn superseded_rules_are_served_while_they_are_loaded_once() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let unknown = here.get(&format!("{path}?locale=fr")).await;
    assert_eq!(unknown.status.as_u16(), 400);
    here.editor.run("INSERT INTO locale (code, fallback) VALUES ('fr', 'de')").await;
    let french = eventually("the catalog has French", async || {
        let plain = here.get(&path).await;
        assert!(plain.status.is_success() && !plain.is_stale(), "{plain:?}");
        Some(here.get(&format!("{path}?locale=fr")).await)
            .filter(|answer| answer.status.is_success())
    })
    .await;
    assert_eq!(french.json()["name"], "Ein wool-sock");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rests_on_the_rules_is_no_fresher_than_they_are() {
    let here = Here::new().await;
    let absent = format!("/v1/products/{}", Uuid::now_v7());
    let french = format!("{absent}?locale=fr");
    for (path, status) in [(&absent, StatusCode::NOT_FOUND), (&french, StatusCode::BAD_REQUEST)] {
        let answer = here.get(path).await;
        assert_eq!((answer.status, answer.is_stale()), (status, false), "{answer:?}");
        assert!(["1", "2"].contains(&answer.header("age")), "{answer:?}");
    }
    // The rules have changed, and cannot be read; the product still does not exist.
    let lock = Table::lock(&here, "locale").await;
    here.editor.raise_version("rules", Uuid::nil()).await;
    for (path, status) in [(&absent, StatusCode::NOT_FOUND), (&french, StatusCode::BAD_REQUEST)] {
        eventually("it is labelled", async || {
            let answer = here.get(path).await;
            assert_eq!(answer.status, status, "{answer:?}");
            answer.is_stale().then_some(())
        })
        .await;
    }
    lock.release().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_categorys_new_name_shows_in_its_products() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let category = here.editor.category("socks", id).await;
    let path = format!("/v1/products/{id}");
    eventually("the category is seen", async || {
        let answer = here.get(&path).await;
        (answer.status.is_success() && answer.json()["categories"][0]["name"] == "The socks")
            .then_some(())
    })
    .await;
    here.editor
        .run(&format!(
            "UPDATE category_translation SET name = 'Warm' WHERE category_id = '{category}'"
        ))
        .await;
    eventually("its new name is seen", async || {
        let answer = here.get(&path).await;
        assert!(answer.status.is_success() && !answer.is_stale(), "{answer:?}");
        (answer.json()["categories"][0]["name"] == "Warm").then_some(())
    })
    .await;
}
