//! The run: one example after another through catalog-admin, then a comparison with the sources.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::Context as _;
use devstack::{
    Stack,
    loading::Loading,
    verify::{Comparison, verify},
};
use futures::future::try_join_all;

use super::{
    EXAMPLES, Example,
    example::Lines,
    listing::Process,
    rows::{Imported, compared},
};
use crate::report::Row;

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// The report.
    pub rows: Vec<Row>,
    /// Whether every line was new; otherwise no time is measured.
    pub all_new: bool,
    /// Whether the examples are those that the project's report is of, and not smaller ones.
    pub whole: bool,
    /// How what reads back compares with the sources.
    pub comparison: Comparison,
}

/// Imports the examples in the folder `data` into a running stack; `told` hears of each.
pub async fn run(
    stack: &Stack,
    data: &Path,
    mut told: impl FnMut(Example, &devstack::loading::Loaded),
) -> anyhow::Result<Outcome> {
    let addresses = stack.addresses();
    let loading = Loading::of(&addresses)?;
    let processes = addresses.query.iter().cloned().map(Process::at);
    let processes = processes.collect::<Result<Vec<_>, _>>()?;
    // All of them first: nobody should wait for an import to hear that a file is missing.
    let examples = EXAMPLES.map(|example| Ok((example, Lines::of(example.source, data)?)));
    let examples = examples.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let mut outcome =
        Outcome { rows: Vec::new(), all_new: true, whole: true, comparison: Comparison::default() };
    for (example, lines) in examples {
        let sent: Arc<[u8]> = lines.bytes.as_slice().into();
        let begun = Instant::now();
        let loaded = loading.load(move |out| out.write_all(&sent), |_| ()).await?;
        told(example, &loaded);
        stack.wait_for_replica().await?;
        let listed = try_join_all(processes.iter().map(|process| process.wait_for(&lines)));
        let listed = listed.await.context("listing what was imported")?;
        let everywhere = begun.elapsed();
        let imported = Imported { example, lines: &lines, loaded: &loaded, listed, everywhere };
        outcome.all_new &= imported.was_new();
        outcome.whole &= lines.count == example.lines;
        outcome.rows.extend(imported.rows());
    }
    outcome.comparison = verify(data, &addresses.query, &loading).await?;
    outcome.rows.extend(compared(&outcome.comparison));
    Ok(outcome)
}
