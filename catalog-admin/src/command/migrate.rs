//! `catalog-admin migrate`.

use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use crate::settings::Settings;

/// Brings the primary's schema up to this release.
pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let url = settings.primary.url.expose_secret();
    let applied =
        schema::migrate(url).await.context("the schema could not be brought up to date")?;
    tracing::info!(migrations.applied = ?applied, "the schema is up to date");
    Ok(())
}
