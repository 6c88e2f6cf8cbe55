//! What one process lists.

use std::{collections::BTreeSet, time::Duration};

use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::example::Lines;

/// How long a process may take to have everything before the import counts as unseen by it.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(10);
/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(20);

/// What a process lists of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) categories: u64,
    pub(super) products: u64,
}

/// One catalog-query process.
pub(super) struct Process {
    client: Client,
    address: String,
}

impl Process {
    pub(super) fn at(address: String) -> reqwest::Result<Self> {
        Ok(Self { client: Client::builder().timeout(LIMIT).build()?, address })
    }

    /// Waits until the process lists all categories and, in each of them, all products of the
    /// example, or no longer; gives what it listed at the last look.
    pub(super) async fn wait_for(&self, lines: &Lines) -> reqwest::Result<Listed> {
        let deadline = Instant::now() + PATIENCE;
        let mut categories = self.categories(lines).await?;
        while categories < lines.categories.len() as u64 && Instant::now() < deadline {
            sleep(LOOK).await;
            categories = self.categories(lines).await?;
        }
        let mut products = 0;
        for (category, expected) in &lines.products {
            let mut listed = self.products(category).await?;
            while listed < *expected && Instant::now() < deadline {
                sleep(LOOK).await;
                listed = self.products(category).await?;
            }
            products += listed;
        }
        Ok(Listed { categories, products })
    }

    /// How many of the example's categories stand in the tree.
    async fn categories(&self, lines: &Lines) -> reqwest::Result<u64> {
        let tree = self.get("/v1/categories").await?;
        let mut slugs = BTreeSet::new();
        collect(&tree["items"], &mut slugs);
        let found = lines.categories.iter().filter(|slug| slugs.contains(slug.as_str()));
        Ok(found.count() as u64)
    }

    /// How many products are listed in the category, page by page.
    async fn products(&self, category: &str) -> reqwest::Result<u64> {
        let first = format!("/v1/products?category={category}&limit=100");
        let (mut ids, mut next) = (BTreeSet::new(), Some(first.clone()));
        while let Some(place) = next {
            let page = self.get(&place).await?;
            let items = page["items"].as_array().into_iter().flatten();
            ids.extend(items.map(|item| item["id"].to_string()));
            next = page["next_cursor"].as_str().map(|cursor| format!("{first}&cursor={cursor}"));
        }
        Ok(ids.len() as u64)
    }

    /// Null for what the process does not know, or not yet.
    async fn get(&self, place: &str) -> reqwest::Result<Value> {
        let answer = self.client.get(format!("{}{place}", self.address)).send().await?;
        if matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST) {
            return Ok(Value::Null);
        }
        answer.error_for_status()?.json().await
    }
}

fn collect<'a>(categories: &'a Value, slugs: &mut BTreeSet<&'a str>) {
    for category in categories.as_array().into_iter().flatten() {
        slugs.extend(category["slug"].as_str());
        collect(&category["children"], slugs);
    }
}
