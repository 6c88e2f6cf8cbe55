//! `devstack demo-catalog`.

use std::process::ExitCode;

use devstack::demo::DemoCatalog;
use jiff::Timestamp;

use super::output;

/// How large, and by which dice.
#[derive(Debug, clap::Args)]
pub(super) struct Size {
    /// How many products
    #[arg(long, default_value_t = DemoCatalog::PRODUCTS)]
    products: u32,
    /// What the dice begin with: the same seed gives the same bytes
    #[arg(long, default_value_t = DemoCatalog::SEED)]
    seed: u64,
    /// The day on which some campaigns run, some are over and some are to come
    #[arg(long, default_value = DemoCatalog::DATE)]
    date: Timestamp,
}

/// Writes the demonstration catalog to the standard output.
pub(super) fn run(size: &Size) -> anyhow::Result<ExitCode> {
    let catalog = DemoCatalog { products: size.products, seed: size.seed, date: size.date };
    output::stream(|out| Ok(catalog.write(out)?))?;
    Ok(ExitCode::SUCCESS)
}
