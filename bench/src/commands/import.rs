//! `bench import`.

use std::path::{Path, PathBuf};

use bench::{import::run as measure, report::Kind};
use clap::Args;
use devstack::Stack;

/// Where the examples are.
#[derive(Args)]
pub(super) struct Arguments {
    /// The folder of the example data (devstack/README.md says what they are).
    data: PathBuf,
}

/// Measures; whether every target was met.
pub(super) async fn run(stack: &Stack, root: &Path, arguments: &Arguments) -> anyhow::Result<bool> {
    let outcome = measure(stack, &arguments.data, |example, loaded| {
        println!(
            "{}: {} created, {} updated, {} unchanged, {} rejected (import {})",
            example.source.file(),
            loaded.created,
            loaded.updated,
            loaded.unchanged,
            loaded.rejected,
            loaded.id
        );
    })
    .await?;
    println!("{}", outcome.comparison);
    if !outcome.all_new {
        println!(
            "Not everything was new, so this run does not measure how long an import takes to \
             show: `make reset` and `make up`, then again."
        );
    }
    if !outcome.whole {
        println!("These are not all of the examples that the project's own report is of.");
    }
    let standard = outcome.all_new && outcome.whole;
    let kind = if standard { Kind::Standard } else { Kind::Other };
    super::finish(root, "import", kind, &outcome.rows)
}
