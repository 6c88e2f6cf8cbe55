use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Client;
use serde_json::Value;

use crate::loading::Loading;

const LIMIT: Duration = Duration::from_secs(20);

/// catalog-admin, asked for the stock, of which storefronts show less.
pub(super) struct Stockroom<'a> {
    client: Client,
    admin: &'a Loading,
}

impl<'a> Stockroom<'a> {
    pub(super) fn new(admin: &'a Loading) -> reqwest::Result<Self> {
        Ok(Self { client: Client::builder().timeout(LIMIT).build()?, admin })
    }

    /// The pieces of each variant of the product, by SKU.
    pub(super) async fn of(&self, product: &str) -> reqwest::Result<BTreeMap<String, i64>> {
        let url = format!("{}/v1/products/{product}/stock", self.admin.admin);
        let answer = self.client.get(url).bearer_auth(&self.admin.token).send().await?;
        let stock: Value = answer.error_for_status()?.json().await?;
        let variants = stock["variants"].as_array().into_iter().flatten();
        let each = variants.filter_map(|variant| {
            Some((variant["sku"].as_str()?.to_owned(), variant["quantity"].as_i64()?))
        });
        Ok(each.collect())
    }
}
