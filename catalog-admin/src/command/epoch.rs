//! `catalog-admin epoch begin`.

use catalog_core::freshness::Epoch;
use clap::{Args, Subcommand};

use crate::epoch::begin_by_hand;
use crate::settings::Settings;

/// What is to be done about epochs.
#[derive(Debug, Args)]
pub struct EpochArguments {
    /// What.
    #[command(subcommand)]
    pub action: EpochAction,
}

/// What can be done about epochs.
#[derive(Debug, Subcommand)]
pub enum EpochAction {
    /// Begins another epoch and prints it: after whatever passed the triggers (a rewritten or
    /// restored table, a clone of a stopped volume), or above another primary's.
    Begin {
        /// The new epoch is greater than this one too. Epochs count microseconds since 1970: at most
        /// a day ahead.
        #[arg(long, default_value_t = 0)]
        above: u64,
    },
}

/// Does it on the primary of `settings`.
pub async fn run(settings: &Settings, arguments: &EpochArguments) -> anyhow::Result<()> {
    let EpochAction::Begin { above } = arguments.action;
    println!("{}", begin_by_hand(&settings.primary, Epoch(above)).await?);
    Ok(())
}
