//! `devstack import`.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use devstack::Stack;
use devstack::convert::{Source, convert_file, open};
use devstack::loading::{Loaded, Loading};

/// What to load, and where.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The lines; may be packed with zstd
    file: PathBuf,
    /// Convert the file on the way: whose data it is
    #[arg(long, value_enum)]
    source: Option<Source>,
    /// The address of catalog-admin [default: that of the stack]
    #[arg(long)]
    admin: Option<String>,
    /// The file with an editor's token [default: that of the stack]
    #[arg(long)]
    token_file: Option<PathBuf>,
}

/// Loads a file through catalog-admin and prints the counts; fails when a line is wrong.
pub(super) async fn run(directory: &Path, import: Import) -> anyhow::Result<ExitCode> {
    let loading = target(directory, &import)?;
    let begun = Instant::now();
    let mut told = 0;
    let progress = move |sent: u64| {
        if sent - told >= 4 << 20 {
            told = sent;
            eprintln!("  sent {} MB ({:.0} s)", sent >> 20, begun.elapsed().as_secs_f64());
        }
    };
    let Import { file, source, .. } = import;
    let produce = move |out: &mut dyn io::Write| write(&file, source, out);
    let loaded = loading.load(produce, progress).await?;
    print(&loaded, begun.elapsed().as_secs_f64())?;
    Ok(if loaded.rejected == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn target(directory: &Path, import: &Import) -> anyhow::Result<Loading> {
    let addresses = match (&import.admin, &import.token_file) {
        (Some(_), Some(_)) => None,
        _ => Some(Stack::attach(directory)?.addresses()),
    };
    let stack = addresses.as_ref();
    let token_file = import.token_file.as_ref().or(stack.map(|stack| &stack.editor_token));
    let admin = import.admin.as_ref().or(stack.map(|stack| &stack.admin));
    let (Some(admin), Some(token_file)) = (admin, token_file) else {
        anyhow::bail!("name catalog-admin with --admin and a token with --token-file");
    };
    let token = std::fs::read_to_string(token_file)
        .with_context(|| format!("cannot read the token {}", token_file.display()))?;
    Ok(Loading { admin: admin.clone(), token })
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
