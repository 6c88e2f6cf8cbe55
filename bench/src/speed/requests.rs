//! Requests as they go over a connection.

use std::sync::Arc;

use uuid::Uuid;

use super::{served::Served, wire::Wire};

/// For one product, with these headers, each of which ends with its line.
pub(super) fn product(product: Uuid, headers: &str) -> Vec<u8> {
    product_in_view(product, "", headers)
}

/// The same in a view, which is a query with its question mark.
pub(super) fn product_in_view(product: Uuid, view: &str, headers: &str) -> Vec<u8> {
    get(&format!("/v1/products/{product}{view}"), headers)
}

/// For these products at once.
pub(super) fn products(products: &[Uuid]) -> Vec<u8> {
    let ids: Vec<String> = products.iter().map(Uuid::to_string).collect();
    get(&format!("/v1/products?ids={}", ids.join(",")), "")
}

fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: catalog.example\r\n{headers}\r\n").into_bytes()
}

/// One for each of these.
pub(super) fn list(products: &[Uuid], request: impl Fn(Uuid) -> Vec<u8>) -> Arc<[Vec<u8>]> {
    products.iter().map(|product| request(*product)).collect()
}

/// Asks once; gives the whole answer, which must be good.
pub(super) async fn ask(server: &Served, request: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    Wire { address: server.address, requests: [request].into(), connections: 1 }.first().await
}
