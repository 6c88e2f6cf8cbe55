//! Products by slug and by SKU.

use reqwest::StatusCode;

use crate::support::{Here, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn an_old_slug_leads_to_the_current_one() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let found = here.seen("/v1/products/by-slug/wool-sock").await;
    assert_eq!(found.json()["id"], id.to_string());
    here.editor.run(&format!("UPDATE product SET slug = 'warm-sock' WHERE id = '{id}'")).await;
    let moved = eventually("the old slug leads on", async || {
        let answer = here.get("/v1/products/by-slug/wool-sock?locale=de&currency=EUR").await;
        (answer.status == StatusCode::PERMANENT_REDIRECT).then_some(answer)
    })
    .await;
    let location = moved.header("location").to_owned();
    assert_eq!(location, "/v1/products/by-slug/warm-sock?locale=de&currency=EUR");
    assert_eq!(moved.header("cache-control"), "max-age=2");
    assert!(!moved.is_stale(), "{moved:?}");
    assert_eq!(here.get(&location).await.json()["id"], id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_slug_tells_nothing_of_a_product_that_storefronts_do_not_see() {
    let here = Here::new().await;
    for (number, hide, show) in [
        (1, "status = 'draft'", "status = 'active'"),
        (2, "status = 'archived'", "status = 'active'"),
        (3, "publish_at = now() + interval '1 hour'", "publish_at = NULL"),
    ] {
        let old = format!("/v1/products/by-slug/sock-{number}");
        let id = here.editor.product(&format!("sock-{number}")).await;
        here.seen(&old).await;
        let set = async |what: &str| {
            here.editor.run(&format!("UPDATE product SET {what} WHERE id = '{id}'")).await;
        };
        set(&format!("slug = 'secret-{number}', {hide}")).await;
        let gone = eventually(hide, async || {
            let answer = here.get(&old).await;
            assert_ne!(answer.status, StatusCode::PERMANENT_REDIRECT, "{hide}: {answer:?}");
            (answer.status == StatusCode::NOT_FOUND).then_some(answer)
        })
        .await;
        assert!(!gone.is_stale(), "{gone:?}");
        set(show).await;
        eventually(show, async || {
            let answer = here.get(&old).await;
            (answer.status == StatusCode::PERMANENT_REDIRECT).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_given_up_twice_leads_to_the_current_one() {
    let here = Here::new().await;
    let id = here.editor.product("first").await;
    for slug in ["second", "third"] {
        here.editor.run(&format!("UPDATE product SET slug = '{slug}' WHERE id = '{id}'")).await;
    }
    for slug in ["first", "second"] {
        eventually("it leads on", async || {
            let answer = here.get(&format!("/v1/products/by-slug/{slug}")).await;
            (answer.header("location") == "/v1/products/by-slug/third").then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_slugs_are_dated_without_a_beat_too() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    here.editor.run(&format!("UPDATE product SET slug = 'warm-sock' WHERE id = '{id}'")).await;
    here.editor.stop_beating();
    let moved = eventually("the primary dates it", async || {
        let answer = here.get("/v1/products/by-slug/wool-sock").await;
        (answer.layer() == "primary").then_some(answer)
    })
    .await;
    assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_that_changes_hands_leads_to_its_new_owner() {
    let here = Here::new().await;
    let first = here.editor.product("sock").await;
    here.seen("/v1/products/by-slug/sock").await;
    here.editor.run(&format!("UPDATE product SET slug = 'old-sock' WHERE id = '{first}'")).await;
    let second = here.editor.product("new-sock").await;
    here.editor.run(&format!("UPDATE product SET slug = 'sock' WHERE id = '{second}'")).await;
    eventually("the new owner is seen", async || {
        let answer = here.get("/v1/products/by-slug/sock").await;
        (answer.status.is_success() && answer.json()["id"] == second.to_string()).then_some(())
    })
    .await;
    assert_eq!(here.seen("/v1/products/by-slug/old-sock").await.json()["id"], first.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_that_nobody_bears_is_absent_until_somebody_does() {
    let here = Here::new().await;
    for slug in ["nobody", "Not-A-Slug", "%00", "%FF", "a%20b"] {
        let answer = here.get(&format!("/v1/products/by-slug/{slug}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{slug}");
    }
    here.editor.product("nobody").await;
    here.seen("/v1/products/by-slug/nobody").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sku_leads_to_its_product() {
    let here = Here::new().await;
    assert_eq!(here.get("/v1/products/by-sku/SOCK").await.status, StatusCode::NOT_FOUND);
    for malformed in ["%00", "%FF"] {
        let answer = here.get(&format!("/v1/products/by-sku/{malformed}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{malformed}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{malformed}");
    }
    let id = here.editor.product("sock").await;
    assert_eq!(here.seen("/v1/products/by-sku/SOCK").await.json()["id"], id.to_string());
    let sql = format!("UPDATE variant SET deleted_at = now() WHERE product_id = '{id}'");
    here.editor.run(&sql).await;
    eventually("nobody bears it", async || {
        let answer = here.get("/v1/products/by-sku/SOCK").await;
        (answer.status == StatusCode::NOT_FOUND).then_some(())
    })
    .await;
}
