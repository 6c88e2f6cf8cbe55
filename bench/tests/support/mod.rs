//! A stack with a catalog.

use bench::load::client;
use devstack::{Addresses, Progress, TestStack, demo::DemoCatalog};
use reqwest::header;
use serde_json::Value;

/// A running stack of its own with a demonstration catalog of that many products.
pub(crate) async fn stack_with_catalog(products: u32) -> TestStack {
    let stack = Box::pin(TestStack::own()).await.unwrap();
    stack.start_services(Progress::Silent).await.unwrap();
    stack.issue_token().await.unwrap();
    import(&stack.addresses(), products).await;
    stack
}

async fn import(addresses: &Addresses, products: u32) {
    let date = DemoCatalog::DATE.parse().unwrap();
    let mut lines = Vec::new();
    DemoCatalog { products, seed: DemoCatalog::SEED, date }.write(&mut lines).unwrap();
    let token = std::fs::read_to_string(&addresses.editor_token).unwrap();
    let answer = client()
        .unwrap()
        .post(format!("{}/v1/imports", addresses.admin))
        .bearer_auth(token.trim())
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .timeout(std::time::Duration::from_mins(2))
        .body(lines)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    let outcome: Value = answer.json().await.unwrap();
    assert_eq!(outcome["rejected"], 0, "{outcome}");
}
