//! The storefront's reader.

use std::process::ExitCode;

use anyhow::Context as _;
use catalog_query::{app, settings::Settings};
use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Answers storefronts' reads over HTTP: from memory, from Redis, from a replica.
///
/// There are no arguments: settings come from `VITRINA_SECTION__KEY` variables, over the TOML file that
/// `VITRINA_CONFIG` names. One that is missing is named.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    Arguments::parse();
    let settings = match Settings::load() {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("catalog-query: {error}");
            return Ok(error.exit_code());
        }
    };
    let version = env!("CARGO_PKG_VERSION");
    let _telemetry =
        service_kit::telemetry::init("catalog-query", version, &settings.log, &settings.traces)?;
    let service = app::start(settings).await.context("cannot start")?;
    tracing::info!(http.address = %service.address, ops.address = %service.ops_address, "started");
    service.run().await?;
    Ok(ExitCode::SUCCESS)
}
