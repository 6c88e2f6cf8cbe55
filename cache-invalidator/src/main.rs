//! The `cache-invalidator` program.

use std::process::ExitCode;

use cache_invalidator::{
    app::App,
    settings::{DEFAULTS, InvalidatorSettings},
};
use service_kit::{settings, telemetry};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
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
