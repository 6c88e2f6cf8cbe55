//! Categories over HTTP: the tree, and one in its place.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, Here, eventually};

/// Clothes above socks, and music beside it.
async fn catalog(here: &Here) {
    let sock = here.editor.product("sock").await;
    let clothes = here.editor.category("clothes", sock).await;
    let socks = here.editor.category("socks", sock).await;
    here.editor.category("music", sock).await;
    here.editor
        .run(&format!(
            "UPDATE category SET parent_id = '{clothes}' WHERE id = '{socks}';
             UPDATE category SET position = 1 WHERE slug = 'clothes';
             INSERT INTO category_translation (category_id, locale, name, description)
             VALUES ('{socks}', 'de', 'Socken', 'Warm.')"
        ))
        .await;
}

/// The tree as slugs and names only.
fn outline(nodes: &Value) -> Value {
    let node = |node: &Value| json!([node["slug"], node["name"], outline(&node["children"])]);
    nodes.as_array().unwrap().iter().map(node).collect()
}

async fn tree_is(here: &Here, path: &str, expected: Value) -> Answer {
    eventually("the tree is as expected", async || {
        Some(here.get(path).await).filter(|answer| outline(&answer.json()["items"]) == expected)
    })
    .await
}

#[tokio::test]
async fn the_tree_is_shown_in_a_locale() {
    let here = Here::new().await;
    catalog(&here).await;
    let socks = json!([["socks", "The socks", []]]);
    let english = json!([["music", "The music", []], ["clothes", "The clothes", socks]]);
    let answer = tree_is(&here, "/v1/categories", english).await;
    assert!(!answer.is_stale());
    let socken = json!([["socks", "Socken", []]]);
    let german = json!([["music", "The music", []], ["clothes", "The clothes", socken]]);
    let answer = tree_is(&here, "/v1/categories?locale=de", german).await;
    let etag = answer.header("etag").to_owned();
    let again = here.service.get_with("/v1/categories?locale=de", "if-none-match", &etag).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let wrong = here.get("/v1/categories?locale=fr").await;
    assert_eq!(wrong.json()["errors"][0]["parameter"], "locale");
}

#[tokio::test]
async fn a_category_stands_in_its_place() {
    let here = Here::new().await;
    catalog(&here).await;
    let socks = eventually("it is placed", async || {
        let answer = here.get("/v1/categories/socks?locale=de").await;
        (answer.status == StatusCode::OK)
            .then(|| answer.json())
            .filter(|category| category["path"][0]["slug"] == "clothes")
    })
    .await;
    assert_eq!((&socks["name"], &socks["description"]), (&json!("Socken"), &json!("Warm.")));
    assert_eq!((&socks["locale"], &socks["children"]), (&json!("de"), &json!([])));
    let clothes = here.get("/v1/categories/clothes").await;
    assert!(!clothes.is_stale());
    assert_eq!(clothes.json()["children"][0]["slug"], "socks");
    assert_eq!(clothes.json()["path"], json!([]));
    let etag = clothes.header("etag").to_owned();
    let again = here.service.get_with("/v1/categories/clothes", "if-none-match", &etag).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn an_old_slug_leads_to_the_current_one() {
    let here = Here::new().await;
    catalog(&here).await;
    here.editor.run("UPDATE category SET slug = 'apparel' WHERE slug = 'clothes'").await;
    let moved = eventually("it has moved", async || {
        let answer = here.get("/v1/categories/clothes?locale=de").await;
        (answer.status == StatusCode::PERMANENT_REDIRECT).then_some(answer)
    })
    .await;
    assert_eq!(moved.header("location"), "/v1/categories/apparel?locale=de");
    assert_eq!(here.get("/v1/categories/apparel").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_no_category_bears_is_not_found_until_one_does() {
    let here = Here::new().await;
    for path in ["/v1/categories/unknown", "/v1/categories/No%20slug", "/v1/categories/%FF"] {
        let answer = here.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let sock = here.editor.product("sock").await;
    here.editor.category("unknown", sock).await;
    here.seen("/v1/categories/unknown").await;
    here.editor.run("UPDATE category SET deleted_at = now() WHERE slug = 'unknown'").await;
    eventually("it is gone", async || {
        let answer = here.get("/v1/categories/unknown").await;
        (answer.status == StatusCode::NOT_FOUND).then_some(())
    })
    .await;
    tree_is(&here, "/v1/categories", json!([])).await;
}
