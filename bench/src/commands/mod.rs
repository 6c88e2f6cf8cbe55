//! The measurements, one in a file.

mod constant;
mod faults;
mod freshness;
mod import;
mod scale;
mod speed;
mod trace;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bench::report::{self, Kind, Row};
use clap::{Parser, Subcommand};
use devstack::Stack;

/// Measures the running stack (`make up`) from outside.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The stack's folder [default: .devstack in the project]
    #[arg(long, global = true)]
    directory: Option<PathBuf>,
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// How long after its acknowledgement an edit shows in every catalog-query, under load.
    Freshness(freshness::Arguments),
    /// What readers and editors see while parts are killed, stand still or forget, alone and in pairs.
    Faults(faults::Arguments),
    /// How long an import takes to be readable everywhere, and whether it is what was sent.
    Import(import::Arguments),
    /// What a thousand processes would ask of each part, simulated; no stack is needed.
    Scale(Box<scale::Arguments>),
    /// What a read costs, beside what other servers take for bytes of the same kind.
    Speed(speed::Arguments),
    /// Answers everything with one constant: a server to compare with.
    #[command(hide = true)]
    Constant(constant::Arguments),
    /// Follows one edit by its trace, from the PATCH to the first read in every catalog-query.
    Trace,
}

/// Reads the command line and measures; whether every target was met.
pub(crate) async fn run() -> anyhow::Result<bool> {
    let Arguments { directory, measurement } = Arguments::parse();
    let root = devstack::workspace_root();
    let folder = directory.unwrap_or_else(|| root.join(".devstack"));
    let stack = || Stack::attach(folder).context("no stack to measure: start one with `make up`");
    match measurement {
        Measurement::Constant(arguments) => constant::run(&arguments).await,
        Measurement::Speed(arguments) => speed::run(&stack()?, &root, &arguments).await,
        Measurement::Freshness(arguments) => freshness::run(&stack()?, &root, &arguments).await,
        Measurement::Faults(arguments) => faults::run(&stack()?, &root, &arguments).await,
        Measurement::Import(arguments) => import::run(&stack()?, &root, &arguments).await,
        Measurement::Scale(arguments) => scale::run(stack, &root, &arguments).await,
        Measurement::Trace => trace::run(&stack()?).await,
    }
}

/// Prints the rows and writes them; whether every target was met.
fn finish(root: &Path, name: &str, kind: Kind, rows: &[Row]) -> anyhow::Result<bool> {
    println!("\n{}", report::table(rows));
    let place = report::write(root, name, kind, rows)?;
    println!("Written to {}.", place.display());
    Ok(report::all_met(rows))
}
