//! Cursors over HTTP: good for the list that they were handed out for, and for nothing else.

use reqwest::StatusCode;

use crate::support::{Here, eventually};

async fn cursor(here: &Here, list: &str) -> String {
    eventually("there is a second page", async || {
        let page = here.get(list).await.json();
        page["next_cursor"].as_str().map(str::to_owned)
    })
    .await
}

#[tokio::test]
async fn a_cursor_is_refused_where_it_was_not_handed_out() {
    let here = Here::new().await;
    let sock = here.editor.product("sock").await;
    let hat = here.editor.product("hat").await;
    let clothes = here.editor.category("clothes", sock).await;
    here.editor.run(&format!("INSERT INTO product_category VALUES ('{hat}', '{clothes}')")).await;
    let cursor = cursor(&here, "/v1/products?category=clothes&limit=1").await;
    let status = async |query: &str, cursor: &str| {
        let answer = here.get(&format!("/v1/products?{query}&cursor={cursor}")).await;
        if answer.status == StatusCode::BAD_REQUEST {
            assert_eq!(answer.json()["errors"][0]["parameter"], "cursor", "{query}");
        }
        answer.status
    };
    for same in [
        "category=clothes&limit=1",
        "category=clothes&limit=50",
        "category=clothes&sort=newest&locale=en",
    ] {
        assert_eq!(status(same, &cursor).await, StatusCode::OK, "{same}");
    }
    for other in [
        "limit=1",
        "category=clothes&sort=price",
        "category=clothes&locale=de",
        "category=clothes&currency=USD",
    ] {
        assert_eq!(status(other, &cursor).await, StatusCode::BAD_REQUEST, "{other}");
    }
    let mut tampered = cursor.clone().into_bytes();
    tampered[10] = if tampered[10] == b'A' { b'B' } else { b'A' };
    let tampered = String::from_utf8(tampered).unwrap();
    assert_eq!(status("category=clothes", &tampered).await, StatusCode::BAD_REQUEST);
    assert_eq!(status("category=clothes", &cursor[1..]).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pods_that_share_the_key_share_cursors() {
    let here = Here::new().await;
    for slug in ["sock", "hat"] {
        here.editor.product(slug).await;
    }
    let cursor = cursor(&here, "/v1/products?limit=1").await;
    let twin = crate::support::Service::start(&here.stores, &[]).await;
    twin.ready().await;
    let second = twin.get(&format!("/v1/products?limit=1&cursor={cursor}")).await;
    assert_eq!(second.json()["items"][0]["slug"], "sock");
    let other_key = [("CURSOR__KEY", "another key, which is long enough for it")];
    let stranger = crate::support::Service::start(&here.stores, &other_key).await;
    stranger.ready().await;
    let refused = stranger.get(&format!("/v1/products?limit=1&cursor={cursor}")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}
