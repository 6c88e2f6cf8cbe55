//! Views, and requests that name none.

use reqwest::StatusCode;

use crate::support::Here;

#[tokio::test(flavor = "multi_thread")]
async fn a_view_chooses_words_and_prices() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    let german = here.get(&format!("{path}?locale=de")).await.json();
    assert_eq!((&german["name"], &german["locale"]), (&"Ein wool-sock".into(), &"de".into()));
    let dollars = here.get(&format!("{path}?currency=USD&channel=web")).await.json();
    assert!(dollars["variants"][0]["price"].is_null());
    let euros = here.get(&format!("{path}?currency=EUR&channel=web&locale=en")).await.json();
    assert_eq!(euros["price_range"]["min"], 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_names_nothing_is_named() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    for (parameter, value) in [
        ("locale", "fr"),
        ("locale", "nonsense-locale-that-is-long"),
        ("currency", "CHF"),
        ("currency", "eur"),
        ("channel", "moon"),
        ("colour", "red"),
    ] {
        let answer = here.get(&format!("{path}?{parameter}={value}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{parameter}={value}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["errors"][0]["parameter"], parameter);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_id_names_nothing() {
    let here = Here::new().await;
    for id in ["sock", "%00", "%FF", "01890a5dac96774bbcceb302099a8057", "0'%20OR%201=1"] {
        let answer = here.get(&format!("/v1/products/{id}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
        assert_eq!(answer.json()["type"], "/problems/not-found");
    }
}
