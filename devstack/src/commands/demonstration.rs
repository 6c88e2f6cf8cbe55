//! The demonstration catalog, loaded into an empty database.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use devstack::demo::DemoCatalog;
use devstack::loading::Loading;
use devstack::{Progress, Stack};
use jiff::Timestamp;

const SECONDS_A_DAY: i64 = 86_400;

/// Loads it when there is nothing yet, or when an earlier load was interrupted: a load that is
/// repeated, for the same day, changes nothing that is there already.
pub(super) async fn load_if_empty(stack: &Stack, progress: Progress) -> anyhow::Result<()> {
    let unfinished = stack.layout().demonstration_mark();
    let begun_on = begun_on(&unfinished)?;
    if begun_on.is_none() && !stack.catalog_is_empty().await? {
        return Ok(());
    }
    // Campaigns that run, that are over and that are to come are so on the day of the load.
    let date = begun_on.unwrap_or_else(today);
    fs::write(&unfinished, date.to_string()).context("cannot mark the load as begun")?;
    load(stack, date, progress).await?;
    fs::remove_file(&unfinished).context("cannot mark the load as finished")
}

/// The day of a load that was interrupted.
fn begun_on(unfinished: &Path) -> anyhow::Result<Option<Timestamp>> {
    match fs::read_to_string(unfinished) {
        Ok(day) => Ok(Some(day.parse().with_context(|| {
            format!("{} holds no day; remove it and try again", unfinished.display())
        })?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("cannot see whether a load was interrupted"),
    }
}

/// Its first moment, in UTC.
fn today() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second() - now.as_second() % SECONDS_A_DAY)
        .expect("the beginning of a day is as valid as any moment in it")
}

async fn load(stack: &Stack, date: Timestamp, progress: Progress) -> anyhow::Result<()> {
    let catalog = DemoCatalog { products: DemoCatalog::PRODUCTS, seed: DemoCatalog::SEED, date };
    progress.say(&format!("demonstration catalog: {} products", catalog.products));
    let begun = Instant::now();
    let sent = move |bytes: u64| progress.say(&format!("  {:<24} {} MB sent", "", bytes >> 20));
    let produce = move |mut out: &mut dyn Write| catalog.write(&mut out);
    let loaded = Loading::of(&stack.addresses())?.load(produce, sent).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_load_goes_on_for_its_own_day() {
        let folder = tempfile::tempdir().expect("a folder");
        let mark = folder.path().join("mark");
        assert_eq!(begun_on(&mark).expect("nothing was interrupted"), None);
        fs::write(&mark, today().to_string()).expect("written");
        assert_eq!(begun_on(&mark).expect("a day"), Some(today()));
        fs::write(&mark, "").expect("written");
        begun_on(&mark).expect_err("no day");
    }

    #[test]
    fn a_day_begins_at_midnight() {
        assert!(today().to_string().ends_with("T00:00:00Z"), "{}", today());
        assert!(today() <= Timestamp::now());
    }
}
