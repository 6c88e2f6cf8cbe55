//! The commands, one in a file.

mod convert;
mod demo_catalog;
mod demonstration;
mod down;
mod env;
mod foreground;
mod import;
mod interrupt;
mod lock;
mod logs;
mod output;
mod reset;
mod status;
mod summary;
mod target;
mod test;
mod up;
mod verify_import;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use devstack::convert::Source;
use devstack::{Component, workspace_root};

/// Runs Vitrina's stores and services on this machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The stack's folder [default: .devstack in the project]
    #[arg(long, global = true)]
    directory: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start what does not run yet: stores, database, services
    Up,
    /// Stop everything; the data stays
    Down,
    /// Tell how each part stands; fails unless all are ready
    Status,
    /// Show the last lines of the logs
    Logs {
        /// Go on showing what is written
        #[arg(long, short)]
        follow: bool,
        /// Only these parts
        #[arg(value_parser = component)]
        components: Vec<Component>,
    },
    /// Stop everything and remove the data
    Reset,
    /// Print a service's settings, to run it by hand: eval "$(target/release/devstack env admin)"
    Env {
        /// The service
        #[arg(value_parser = service)]
        service: Component,
    },
    /// Write the demonstration catalog as lines of an import
    DemoCatalog(demo_catalog::Size),
    /// Write example data as lines of an import
    Convert {
        /// Whose data it is
        source: Source,
        /// The file; may be packed with zstd
        file: PathBuf,
    },
    /// Load lines through catalog-admin and print the counts
    Import(import::Import),
    /// Compare what was imported from the example data with its sources
    VerifyImport(verify_import::Verify),
    /// Start a stack on free ports, run a command with `VITRINA_TEST_STACK` set, stop the stack
    Test {
        /// Start the services too, with the demonstration catalog, and set `VITRINA_STACK`
        #[arg(long)]
        services: bool,
        /// A setting of the services, as `VITRINA_SECTION__KEY=value`; may be given again
        #[arg(long = "setting", value_parser = setting)]
        settings: Vec<(String, String)>,
        /// The command and its arguments
        #[arg(required = true, last = true)]
        command: Vec<String>,
    },
}

/// Reads the command line and does what it says.
pub(crate) async fn run() -> anyhow::Result<ExitCode> {
    let Arguments { directory, command } = Arguments::parse();
    let named = directory.map(std::path::absolute).transpose()?;
    let directory = named.clone().unwrap_or_else(|| workspace_root().join(".devstack"));
    match command {
        Command::Up => up::run(&directory).await,
        Command::Down => down::run(&directory).await,
        Command::Status => status::run(&directory).await,
        Command::Logs { follow, components } => logs::run(&directory, follow, &components),
        Command::Reset => reset::run(&directory).await,
        Command::Env { service } => env::run(&directory, service),
        Command::DemoCatalog(size) => demo_catalog::run(&size),
        Command::Convert { source, file } => convert::run(source, &file),
        Command::Import(import) => import::run(&directory, import).await,
        Command::VerifyImport(arguments) => verify_import::run(&directory, arguments).await,
        Command::Test { services, settings, command } => {
            let settings = settings.into_iter().collect();
            test::run(named, services, settings, command).await
        }
    }
}

fn component(name: &str) -> Result<Component, String> {
    among(Component::all(), name)
}

/// Only services take settings from the environment.
fn service(name: &str) -> Result<Component, String> {
    among(Component::SERVICES.into_iter(), name)
}

fn setting(text: &str) -> Result<(String, String), String> {
    let setting = text.split_once('=').filter(|(name, _)| name.starts_with("VITRINA_"));
    let (name, value) = setting.ok_or("a setting is given as VITRINA_SECTION__KEY=value")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn among(all: impl Iterator<Item = Component> + Clone, name: &str) -> Result<Component, String> {
    all.clone().find(|component| component.name() == name).ok_or_else(|| {
        let names: Vec<&str> = all.map(Component::name).collect();
        format!("there is no {name:?}; choose among {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_has_a_name_of_ours_and_a_value() {
        let parsed = setting("VITRINA_CACHE__MEMORY_BYTES=8388608");
        assert_eq!(parsed, Ok(("VITRINA_CACHE__MEMORY_BYTES".into(), "8388608".into())));
        for odd in ["VITRINA_CACHE__MEMORY_BYTES", "PATH=/tmp", "=1", ""] {
            assert!(setting(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_store_has_no_settings_to_print() {
        assert_eq!(service("admin"), Ok(Component::Admin));
        assert_eq!(component("redis"), Ok(Component::Redis));
        let sentence = service("redis").expect_err("it is a store");
        assert!(sentence.contains("query-one") && !sentence.contains("kafka"), "{sentence}");
    }
}
