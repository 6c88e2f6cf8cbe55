//! Edits through catalog-admin.

use std::{path::Path, time::Duration};

use anyhow::Context as _;
use catalog_core::freshness::Version;
use reqwest::{
    Client, RequestBuilder, Response,
    header::{self, HeaderMap},
};
use serde_json::json;
use tokio::time::Instant;
use uuid::Uuid;

use super::{Edit, EditError, client};

/// How long catalog-admin may take before an edit counts as refused.
const LIMIT: Duration = Duration::from_secs(10);

/// Edits as an editor does: reads the product, and changes what was read.
#[derive(Debug, Clone)]
pub struct AdminEditor {
    client: Client,
    address: String,
    token: String,
}

impl AdminEditor {
    /// An editor at `address` with the token in `token_file`.
    pub async fn new(address: String, token_file: &Path) -> anyhow::Result<Self> {
        let token = tokio::fs::read_to_string(token_file)
            .await
            .with_context(|| format!("cannot read the token in {}", token_file.display()))?;
        Ok(Self { client: client(LIMIT)?, address, token: token.trim().to_owned() })
    }

    /// Gives the product this brand, with these headers beside; gives the answer's headers too.
    pub async fn edit(
        &self,
        product: Uuid,
        mark: &str,
        headers: HeaderMap,
    ) -> Result<(Edit, HeaderMap), EditError> {
        let url = format!("{}/v1/products/{product}", self.address);
        let current = accepted(self.client.get(&url).bearer_auth(&self.token)).await?;
        let etag = current.headers().get(header::ETAG).cloned().ok_or(EditError::Unreadable)?;
        // Read to its end, so that the connection is free for the next request.
        current.bytes().await.map_err(|_| EditError::Unreachable)?;
        let patch = self
            .client
            .patch(&url)
            .bearer_auth(&self.token)
            .header(header::IF_MATCH, etag)
            .header(header::CONTENT_TYPE, "application/merge-patch+json")
            .headers(headers)
            .body(json!({ "brand": mark }).to_string());
        let answer = accepted(patch).await?;
        // The head of the answer is the acknowledgement: a body that breaks off takes nothing back.
        let acknowledged_at = Instant::now();
        let given = answer.headers().clone();
        let tag = given.get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let version = tag.and_then(version_of).ok_or(EditError::Unreadable)?;
        let _ = answer.bytes().await;
        Ok((Edit { product, version, acknowledged_at }, given))
    }
}

async fn accepted(request: RequestBuilder) -> Result<Response, EditError> {
    let response = request.send().await.map_err(|_| EditError::Unreachable)?;
    if response.status().is_success() {
        Ok(response)
    } else {
        Err(EditError::Refused(response.status()))
    }
}

/// The version in an entity tag: `"<version>-<hash>"`.
fn version_of(tag: &str) -> Option<Version> {
    tag.strip_prefix('"')?.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_the_tag() {
        assert_eq!(version_of("\"17-0123456789abcdef\""), Some(Version(17)));
        for odd in ["", "17", "\"17\"", "W/\"17-0\"", "\"x-0\""] {
            assert_eq!(version_of(odd), None, "{odd}");
        }
    }
}
