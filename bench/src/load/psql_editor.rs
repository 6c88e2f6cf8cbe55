//! Edits with psql, past catalog-admin.

use std::{process::Stdio, time::Duration};

use anyhow::{Context as _, ensure};
use tokio::{
    process::Command,
    time::{Instant, timeout},
};
use uuid::Uuid;

use super::{Edit, EditError};

/// How long psql may take before an edit counts as refused.
const LIMIT: Duration = Duration::from_secs(10);

/// Edits as somebody does who knows nothing of catalog-admin.
#[derive(Debug, Clone)]
pub struct PsqlEditor {
    url: String,
}

impl PsqlEditor {
    /// An editor of the database at `url`.
    pub(super) async fn new(url: String) -> anyhow::Result<Self> {
        let asked = Command::new("psql").arg("--version").output().await;
        let found = asked.context("psql was not found; run `make packages`")?;
        ensure!(found.status.success(), "psql does not run; reinstall postgresql-client");
        Ok(Self { url })
    }

    /// Gives the product this brand.
    pub(super) async fn edit(&self, product: Uuid, mark: &str) -> Result<Edit, EditError> {
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
        let output = timeout(LIMIT, psql)
            .await
            .map_err(|_| EditError::Unreachable)?
            .map_err(|_| EditError::Unreachable)?;
        let acknowledged_at = Instant::now();
        if !output.status.success() {
            return Err(EditError::Unreachable);
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.trim().parse().map_err(|_| EditError::Unreadable)?;
        Ok(Edit { product, version, acknowledged_at })
    }
}
