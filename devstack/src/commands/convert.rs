//! `devstack convert`.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use devstack::convert::{Source, convert_file};

/// Writes the file as lines of an import to the standard output.
pub(super) fn run(source: Source, file: &Path) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let lines = convert_file(source, file, &mut out)
        .with_context(|| format!("cannot convert {}", file.display()))?;
    out.flush()?;
    eprintln!("{lines} lines");
    Ok(ExitCode::SUCCESS)
}
