//! The `cache-invalidator` program.

use std::process::ExitCode;

use cache_invalidator::{
    app::App,
    settings::{DEFAULTS, InvalidatorSettings},
};
use clap::Parser;
use service_kit::{settings, telemetry};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Follows the changes of a Vitrina catalog and keeps Redis true.
///
/// There are no arguments: settings come from `VITRINA_SECTION__KEY` variables, over the TOML file that
/// `VITRINA_CONFIG` names. One that is missing is named.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {}

#[tokio::main]
async fn main() -> ExitCode {
    Arguments::parse();
    let settings: InvalidatorSettings = match settings::load(DEFAULTS) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("cache-invalidator: {error}");
            return error.exit_code();
        }
    };
    match run(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cache-invalidator: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(settings: InvalidatorSettings) -> anyhow::Result<()> {
    let _telemetry = telemetry::init(
        "cache-invalidator",
        env!("CARGO_PKG_VERSION"),
        &settings.log,
        &settings.traces,
    )?;
    App::start(settings).await?.run().await
}
