//! `devstack verify-import`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use devstack::verify::verify;
use devstack::{Stack, workspace_root};

/// Where the sources are, and who is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// The folder of the example data [default: ../shared/data beside the project]
    #[arg(long)]
    data: Option<PathBuf>,
    /// An address of catalog-query; may be given more than once [default: those of the stack]
    #[arg(long)]
    query: Vec<String>,
}

/// Compares what was imported with its sources and prints the counts; fails when anything differs.
pub(super) async fn run(directory: &Path, arguments: Verify) -> anyhow::Result<ExitCode> {
    let data = arguments.data.unwrap_or_else(|| workspace_root().join("../shared/data"));
    if !data.is_dir() {
        println!("skipped: there is no example data in {}", data.display());
        return Ok(ExitCode::SUCCESS);
    }
    let query = match arguments.query {
        given if given.is_empty() => Stack::attach(directory)?.addresses().query.to_vec(),
        given => given,
    };
    let done = verify(&data, &query).await?;
    println!(
        "{} products and {} categories, {} fields compared: {} differ",
        done.products,
        done.categories,
        done.fields,
        done.differences.len()
    );
    for difference in done.differences.iter().take(20) {
        println!("  {difference}");
    }
    Ok(if done.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
