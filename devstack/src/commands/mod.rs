//! The commands, one in a file.

mod interrupt;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs Vitrina's stores and services on this machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a stack on free ports, run a command with VITRINA_TEST_STACK set, stop the stack
    Test {
        /// Keep the stack's files here instead of in a temporary folder
        #[arg(long)]
        directory: Option<PathBuf>,
        /// The command and its arguments
        #[arg(required = true, last = true)]
        command: Vec<String>,
    },
}

/// Reads the command line and does what it says.
pub(crate) async fn run() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Test { directory, command } => test::run(directory, command).await,
    }
}
