//! catalog-admin: editors' reads and writes, imports, and the change publisher.

use std::process::ExitCode;

use catalog_admin::command::{Arguments, Command, epoch, migrate, serve, token};
use catalog_admin::settings::{DEFAULTS, Settings};
use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let command = Arguments::parse().command.unwrap_or(Command::Serve);
    if let Command::Token(arguments) = &command {
        println!("{}", token::make(arguments)?);
        return Ok(ExitCode::SUCCESS);
    }
    let settings: Settings = match service_kit::settings::load(DEFAULTS) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("catalog-admin: {error}");
            return Ok(error.exit_code());
        }
    };
    let version = env!("CARGO_PKG_VERSION");
    let _telemetry =
        service_kit::telemetry::init("catalog-admin", version, &settings.log, &settings.traces)?;
    match command {
        Command::Serve => serve::run(settings).await?,
        Command::Migrate(arguments) => migrate::run(&settings, &arguments).await?,
        Command::Epoch(arguments) => epoch::run(&settings, &arguments).await?,
        Command::Token(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}
