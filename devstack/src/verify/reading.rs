use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::Value;

const VIEW: &str = "locale=en&currency=USD&channel=web";
const LIMIT: Duration = Duration::from_secs(20);

/// The catalog-query processes, asked in turn.
pub(super) struct Storefront {
    client: Client,
    addresses: Vec<String>,
    asked: AtomicUsize,
}

impl Storefront {
    pub(super) fn new(addresses: &[String]) -> reqwest::Result<Self> {
        let client = Client::builder().timeout(LIMIT).build()?;
        Ok(Self { client, addresses: addresses.to_vec(), asked: AtomicUsize::new(0) })
    }

    /// A product by its slug or SKU; null when there is none.
    pub(super) async fn product(&self, by: &str, value: &str) -> reqwest::Result<Value> {
        self.get(&format!("/v1/products/{by}/{value}?{VIEW}")).await
    }

    /// The ids of all products in a category.
    pub(super) async fn ids_in(&self, category: &str) -> reqwest::Result<BTreeSet<String>> {
        let first = format!("/v1/products?category={category}&limit=100&{VIEW}");
        let mut ids = BTreeSet::new();
        let mut next = Some(first.clone());
        while let Some(place) = next {
            let page = self.get(&place).await?;
            let items = page["items"].as_array().into_iter().flatten();
            ids.extend(items.filter_map(|item| item["id"].as_str().map(str::to_owned)));
            next = page["next_cursor"].as_str().map(|cursor| format!("{first}&cursor={cursor}"));
        }
        Ok(ids)
    }

    /// All categories as a tree.
    pub(super) async fn tree(&self) -> reqwest::Result<Value> {
        self.get("/v1/categories?locale=en").await
    }

    async fn get(&self, place: &str) -> reqwest::Result<Value> {
        let turn = self.asked.fetch_add(1, Ordering::Relaxed) % self.addresses.len();
        let answer = self.client.get(format!("{}{place}", self.addresses[turn])).send().await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(Value::Null);
        }
        answer.error_for_status()?.json().await
    }
}
