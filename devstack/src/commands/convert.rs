//! `devstack convert`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use devstack::convert::{Source, convert_file};

use super::output;

/// Writes the file as lines of an import to the standard output.
pub(super) fn run(source: Source, file: &Path) -> anyhow::Result<ExitCode> {
    output::stream(|out| {
        let lines = convert_file(source, file, out)
            .with_context(|| format!("cannot convert {}", file.display()))?;
        eprintln!("{lines} lines");
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}
