//! The description of the API is the committed one.

use std::{collections::BTreeSet, fs, path::Path};

use catalog_query::{openapi, router};
use serde_json::Value;

use crate::support::Here;

const COMMITTED: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/openapi/catalog-query.json");

#[test]
fn the_committed_description_is_that_of_the_code() {
    let text = openapi::text(&router::description());
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(COMMITTED, &text).unwrap();
    }
    let committed = fs::read_to_string(Path::new(COMMITTED)).unwrap_or_default();
    assert_eq!(committed, text, "run this test with UPDATE_OPENAPI=1, and look at what changed");
}

#[tokio::test]
async fn the_service_serves_it_and_answers_as_it_says() {
    let here = Here::new().await;
    let sock = here.editor.product("sock").await;
    here.editor.category("socks", sock).await;
    let served = here.get("/openapi.json").await.json();
    assert_eq!(served, serde_json::to_value(router::description()).unwrap());
    for (path, schema) in [
        ("/v1/products/by-slug/sock".to_owned(), "ProductView"),
        ("/v1/products".to_owned(), "ProductPage"),
        (format!("/v1/products?ids={sock}"), "ProductsById"),
        ("/v1/categories".to_owned(), "CategoryTreeView"),
    ] {
        let answer = here.seen(&path).await.json();
        assert_eq!(
            names(&answer),
            names(&served["components"]["schemas"][schema]["properties"]),
            "{path}"
        );
    }
}

#[tokio::test]
async fn answers_have_the_headers_that_are_described() {
    let here = Here::new().await;
    let sock = here.editor.product("sock").await;
    let document = serde_json::to_value(router::description()).unwrap();
    let seen = here.seen(&format!("/v1/products/{sock}")).await;
    let unknown = here.get("/v1/products/00000000-0000-4000-8000-000000000000").await;
    for (status, answer) in [("200", seen), ("404", unknown)] {
        assert_eq!(answer.status.as_str(), status);
        let described =
            &document["paths"]["/v1/products/{id}"]["get"]["responses"][status]["headers"];
        assert!(described["Cache-Status"].is_object(), "{described}");
        // Those of sessions are only for who brings a token.
        for name in names(described).into_iter().filter(|name| !name.starts_with("Vitrina-")) {
            assert!(answer.headers.contains_key(name.as_str()), "{status} has no {name}");
        }
    }
}

fn names(object: &Value) -> BTreeSet<&String> {
    object.as_object().unwrap().keys().collect()
}
