//! What the program can be told to do.

pub mod epoch;
pub mod migrate;
pub mod serve;
pub mod token;

use clap::{Parser, Subcommand};

/// Editors' reads and writes on the primary of a Vitrina catalog.
///
/// Settings come from `VITRINA_SECTION__KEY` variables, over the TOML file that `VITRINA_CONFIG`
/// names. One that is missing is named.
#[derive(Debug, Parser)]
#[command(name = "catalog-admin", version)]
pub struct Arguments {
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program can do. All but `token` read the settings.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves editors (the default).
    Serve,
    /// Brings the primary's schema up to this release.
    Migrate(migrate::MigrateArguments),
    /// Looks after epochs: `epoch begin` begins another one by hand.
    Epoch(epoch::EpochArguments),
    /// Makes a token for development; takes the development key only.
    Token(token::TokenArguments),
}
