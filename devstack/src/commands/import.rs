//! `devstack import`.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use devstack::convert::{Source, convert_file, open};
use devstack::loading::Loaded;

use super::target::Target;

/// What to load, and where.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The lines; may be packed with zstd
    file: PathBuf,
    /// Convert the file on the way: whose data it is
    #[arg(long, value_enum)]
    source: Option<Source>,
    #[command(flatten)]
    target: Target,
}

/// Loads a file through catalog-admin and prints the counts; fails when a line is wrong.
pub(super) async fn run(directory: &Path, import: Import) -> anyhow::Result<ExitCode> {
    let Import { file, source, target } = import;
    let loading = target.find(directory)?;
    let begun = Instant::now();
    let progress = move |sent: u64| {
        eprintln!("  sent {} MB ({:.0} s)", sent >> 20, begun.elapsed().as_secs_f64());
    };
    let produce = move |out: &mut dyn io::Write| write(&file, source, out);
    let loaded = loading.load(produce, progress).await?;
    print(&loaded, begun.elapsed().as_secs_f64())?;
    Ok(if loaded.rejected == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn write(file: &Path, source: Option<Source>, mut out: &mut dyn io::Write) -> io::Result<()> {
    match source {
        Some(source) => convert_file(source, file, &mut out).map(drop).map_err(io::Error::other),
        None => io::copy(&mut open(file)?, &mut out).map(drop),
    }
}

fn print(loaded: &Loaded, seconds: f64) -> io::Result<()> {
    let Loaded { id, lines_total, created, updated, unchanged, rejected, errors } = loaded;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "import {id}: {lines_total} lines in {seconds:.1} s: {created} created, {updated} updated, \
         {unchanged} unchanged, {rejected} rejected"
    )?;
    for error in &errors.items {
        writeln!(out, "  line {} {}: {}", error.line, error.pointer, error.detail)?;
    }
    Ok(())
}
