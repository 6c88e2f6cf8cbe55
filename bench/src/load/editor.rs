//! Edits through the admin service and past it.

use std::{process::Stdio, time::Duration};

use anyhow::Context as _;
use catalog_core::freshness::Version;
use reqwest::{Client, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    process::Command,
    time::{Instant, timeout},
};
use uuid::Uuid;

use super::{Judge, tally::count};

/// An acknowledged edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// Of which product.
    pub product: Uuid,
    /// To which version.
    pub version: Version,
    /// When its acknowledgement arrived.
    pub acknowledged_at: Instant,
}

/// Why an edit was not acknowledged.
#[derive(Debug)]
pub enum EditError {
    /// The service or the database did not answer, or not in time.
    Unreachable,
    /// The service answered with another status.
    Refused(StatusCode),
    /// The answer could not be read.
    Unreadable,
}

/// Edits through catalog-admin.
#[derive(Debug, Clone)]
pub struct AdminEditor {
    client: Client,
    address: String,
    token: String,
    judge: Judge,
}

#[derive(Deserialize)]
struct Written {
    version: Version,
}

impl AdminEditor {
    /// An editor at `address` with the token in `token_file`.
    pub async fn new(
        client: Client,
        address: String,
        token_file: &std::path::Path,
        judge: Judge,
    ) -> anyhow::Result<Self> {
        let token = tokio::fs::read_to_string(token_file)
            .await
            .with_context(|| format!("cannot read the token in {}", token_file.display()))?;
        Ok(Self { client, address, token: token.trim().to_owned(), judge })
    }

    /// Gives the product another brand. The edit is in the ledger when this returns.
    pub async fn edit(&self, product: Uuid) -> Result<Edit, EditError> {
        let outcome = self.try_edit(product).await;
        count(if outcome.is_ok() {
            &self.judge.tally.edits
        } else {
            &self.judge.tally.edits_refused
        });
        outcome
    }

    async fn try_edit(&self, product: Uuid) -> Result<Edit, EditError> {
        let url = format!("{}/v1/products/{product}", self.address);
        let current = accepted(self.client.get(&url).bearer_auth(&self.token)).await?;
        let etag = current.headers().get(header::ETAG).cloned().ok_or(EditError::Unreadable)?;
        let mark = mark();
        let patch = self
            .client
            .patch(&url)
            .bearer_auth(&self.token)
            .header(header::IF_MATCH, etag)
            .header(header::CONTENT_TYPE, "application/merge-patch+json")
            .body(json!({ "brand": mark }).to_string());
        let answer = accepted(patch).await?;
        let acknowledged_at = Instant::now();
        let written: Written = answer.json().await.map_err(|_| EditError::Unreadable)?;
        self.judge.ledger.acknowledge(product, written.version, mark, acknowledged_at);
        Ok(Edit { product, version: written.version, acknowledged_at })
    }
}

async fn accepted(request: reqwest::RequestBuilder) -> Result<reqwest::Response, EditError> {
    let response = request.send().await.map_err(|_| EditError::Unreachable)?;
    if response.status().is_success() {
        Ok(response)
    } else {
        Err(EditError::Refused(response.status()))
    }
}

/// Edits with psql, past the admin service.
#[derive(Debug, Clone)]
pub struct PsqlEditor {
    /// The primary's connection string.
    pub url: String,
    /// Whose ledger and tally.
    pub judge: Judge,
}

impl PsqlEditor {
    /// Gives the product another brand. The edit is in the ledger when this returns.
    pub async fn edit(&self, product: Uuid) -> Result<Edit, EditError> {
        let outcome = self.try_edit(product).await;
        count(if outcome.is_ok() {
            &self.judge.tally.edits
        } else {
            &self.judge.tally.edits_refused
        });
        outcome
    }

    async fn try_edit(&self, product: Uuid) -> Result<Edit, EditError> {
        let mark = mark();
        // Both statements of one -c are one transaction, so the version is that of this edit.
        let sql = format!(
            "UPDATE product SET brand = '{mark}' WHERE id = '{product}';
             SELECT version FROM version WHERE kind = 'product' AND id = '{product}'"
        );
        let psql = Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set", "ON_ERROR_STOP=1", "--command", &sql, &self.url])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = timeout(Duration::from_secs(10), psql)
            .await
            .map_err(|_| EditError::Unreachable)?
            .map_err(|_| EditError::Unreachable)?;
        let acknowledged_at = Instant::now();
        if !output.status.success() {
            return Err(EditError::Unreachable);
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.trim().parse().map_err(|_| EditError::Unreadable)?;
        self.judge.ledger.acknowledge(product, version, mark, acknowledged_at);
        Ok(Edit { product, version, acknowledged_at })
    }
}

/// A brand that no other edit gives.
fn mark() -> String {
    format!("edit {}", Uuid::now_v7())
}
