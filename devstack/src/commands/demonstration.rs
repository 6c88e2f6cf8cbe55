//! The demonstration catalog, loaded into an empty database.

use std::fs::{self, File};
use std::io::Write;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use devstack::demo::DemoCatalog;
use devstack::loading::Loading;
use devstack::{Progress, Stack};

/// How many bytes go between two lines of progress.
const TELL_EVERY: u64 = 4 << 20;

/// Loads it when there is nothing yet, or when an earlier load was interrupted: a load that is
/// repeated changes nothing that is there already.
pub(super) async fn load_if_empty(stack: &Stack, progress: Progress) -> anyhow::Result<()> {
    let unfinished = stack.layout().demonstration_mark();
    if !unfinished.exists() && !stack.catalog_is_empty().await? {
        return Ok(());
    }
    File::create(&unfinished).context("cannot mark the load as begun")?;
    load(stack, progress).await?;
    fs::remove_file(&unfinished).context("cannot mark the load as finished")
}

async fn load(stack: &Stack, progress: Progress) -> anyhow::Result<()> {
    let addresses = stack.addresses();
    let token = fs::read_to_string(&addresses.editor_token).context("cannot read the token")?;
    let catalog = DemoCatalog {
        products: DemoCatalog::PRODUCTS,
        seed: DemoCatalog::SEED,
        date: DemoCatalog::DATE.parse()?,
    };
    progress.say(&format!("demonstration catalog: {} products", catalog.products));
    let begun = Instant::now();
    let mut told = 0;
    let sent = move |bytes: u64| {
        if bytes - told >= TELL_EVERY {
            told = bytes;
            progress.say(&format!("  {:<24} {} MB sent", "", bytes >> 20));
        }
    };
    let produce = move |mut out: &mut dyn Write| catalog.write(&mut out);
    let loaded = Loading { admin: addresses.admin, token }.load(produce, sent).await?;
    ensure!(
        loaded.rejected == 0,
        "{} lines of the demonstration catalog were rejected; see import {}",
        loaded.rejected,
        loaded.id
    );
    let seconds = begun.elapsed().as_secs_f64();
    progress
        .say(&format!("  {:<24} loaded ({seconds:.1} s)", format!("{} lines", loaded.lines_total)));
    Ok(())
}
