//! `catalog-admin migrate`.

use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use humantime_serde::re::humantime::parse_duration;
use secrecy::ExposeSecret as _;
use service_kit::backoff::Backoff;

use crate::settings::Settings;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What `catalog-admin migrate` is told.
#[derive(Debug, Args)]
pub struct MigrateArguments {
    /// For how long a database that cannot be reached is tried again, such as 5m.
    #[arg(long, default_value = "0s", value_parser = parse_duration)]
    pub wait: Duration,
}

/// Brings the primary's schema up to this release.
pub async fn run(settings: &Settings, arguments: &MigrateArguments) -> anyhow::Result<()> {
    let url = settings.primary.url.expose_secret();
    let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE).budget(arguments.wait);
    let applied = loop {
        match schema::migrate(url).await {
            Err(error)
                if error.is_passing()
                    && let Some(pause) = backoff.next_pause() =>
            {
                tracing::info!(error.message = %error, "the database is tried again");
                tokio::time::sleep(pause).await;
            }
            ended => break ended.context("the schema could not be brought up to date")?,
        }
    };
    tracing::info!(migrations.applied = ?applied, "the schema is up to date");
    Ok(())
}
