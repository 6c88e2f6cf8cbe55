//! `devstack verify-import`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use devstack::Stack;
use devstack::verify::verify;

use super::target::Target;

/// Where the sources are, and who is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// The folder of the example data
    data: PathBuf,
    /// An address of catalog-query; may be given more than once [default: those of the stack]
    #[arg(long)]
    query: Vec<String>,
    #[command(flatten)]
    target: Target,
}

/// Compares what was imported with its sources and prints the counts; fails when anything differs.
pub(super) async fn run(directory: &Path, arguments: Verify) -> anyhow::Result<ExitCode> {
    let Verify { data, query, target } = arguments;
    let query = match query {
        given if given.is_empty() => Stack::attach(directory)?.addresses().query.to_vec(),
        given => given,
    };
    let done = verify(&data, &query, &target.find(directory)?).await?;
    println!("{done}");
    Ok(if done.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
