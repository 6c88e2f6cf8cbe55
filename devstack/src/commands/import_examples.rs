//! `devstack import-examples`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use devstack::convert::{Source, convert_file};
use devstack::loading::Loading;
use devstack::verify::verify;
use devstack::{Addresses, Stack, workspace_root};
use serde::Serialize;
use serde_json::Value;

/// Each source, its file, and within how many seconds both catalog-query processes must have it.
const EXAMPLES: [(Source, &str, Option<f64>); 3] = [
    (Source::Dummyjson, "dummyjson-products.json", None),
    (Source::Bestbuy, "bestbuy-categories.json", None),
    (Source::Amazon, "amazon-products-24576.jsonl.zst", Some(20.0)),
];
const VISIBLE_WITHIN: Duration = Duration::from_mins(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// A row of the report.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    target: Option<String>,
    met: Option<bool>,
}

/// Imports all examples, waits until both catalog-query processes have them, compares what reads
/// back with the sources, and writes `bench/reports/import.json`.
pub(super) async fn run(directory: &Path, data: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let data = data.unwrap_or_else(|| workspace_root().join("../shared/data"));
    if !data.is_dir() {
        println!("skipped: there is no example data in {}", data.display());
        return Ok(ExitCode::SUCCESS);
    }
    let addresses = Stack::attach(directory)?.addresses();
    let token = std::fs::read_to_string(&addresses.editor_token)
        .context("there is no editor's token; start the stack with `make up`")?;
    let loading = Loading { admin: addresses.admin.clone(), token };
    let mut rows = Vec::new();
    for (source, file, target) in EXAMPLES {
        rows.extend(import(&loading, &addresses, source, &data.join(file), target).await?);
    }
    let compared = verify(&data, &addresses.query).await?;
    for difference in compared.differences.iter().take(20) {
        println!("  {difference}");
    }
    rows.push(row("products compared", count(compared.products), "products", None));
    rows.push(row("categories compared", count(compared.categories), "categories", None));
    rows.push(row("fields compared", count(compared.fields), "fields", None));
    let differing = count(compared.differences.len());
    rows.push(row("fields that differ", differing, "fields", Some(0.0)));
    report(&rows)
}

/// Imports one example; the rejected lines, and the seconds until it can be read everywhere.
async fn import(
    loading: &Loading,
    addresses: &Addresses,
    source: Source,
    file: &Path,
    target: Option<f64>,
) -> anyhow::Result<[Row; 2]> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut lines = Vec::new();
    convert_file(source, file, &mut lines)?;
    let last = last_place(&lines)?;
    let begun = Instant::now();
    let loaded = loading.load(move |out| out.write_all(&lines), |_| ()).await?;
    for query in &addresses.query {
        wait_for(&format!("{query}{last}")).await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{name}: {} created, {} updated, {} unchanged, {} rejected (import {})",
        loaded.created, loaded.updated, loaded.unchanged, loaded.rejected, loaded.id
    );
    let rejected = f64::from(u32::try_from(loaded.rejected)?);
    Ok([
        row(&format!("{name}: lines rejected"), rejected, "lines", Some(0.0)),
        row(&format!("{name}: until both catalog-query have it"), seconds, "s", target),
    ])
}

/// Where the thing on the last line is read. Who has the last has all: commits reach the replica
/// in their order.
fn last_place(lines: &[u8]) -> anyhow::Result<String> {
    let last = lines.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let line: Value = serde_json::from_slice(last).context("the example is empty")?;
    let slug = line["slug"].as_str().unwrap_or_default();
    Ok(match line["kind"].as_str() {
        Some("category") => format!("/v1/categories/{slug}"),
        _ => format!("/v1/products/by-slug/{slug}"),
    })
}

async fn wait_for(place: &str) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().timeout(VISIBLE_WITHIN).build()?;
    let deadline = Instant::now() + VISIBLE_WITHIN;
    while !client.get(place).send().await?.status().is_success() {
        if Instant::now() > deadline {
            bail!("{place} is not there after {} s", VISIBLE_WITHIN.as_secs());
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Ok(())
}

/// A row; where there is a target, `most` is the most that is good.
fn row(name: &str, value: f64, unit: &'static str, most: Option<f64>) -> Row {
    let target = most.map(|most| format!("<= {most}"));
    Row { name: name.to_owned(), value, unit, target, met: most.map(|most| value <= most) }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// Prints the rows and writes them; fails when a target is not met.
fn report(rows: &[Row]) -> anyhow::Result<ExitCode> {
    for Row { name, value, unit, target, .. } in rows {
        let target = target.as_ref().map(|target| format!(" ({target})")).unwrap_or_default();
        println!("  {name:<70} {value:>10.1} {unit}{target}");
    }
    let folder = workspace_root().join("bench/reports");
    std::fs::create_dir_all(&folder)?;
    let mut file = std::fs::File::create(folder.join("import.json"))?;
    serde_json::to_writer_pretty(&mut file, rows)?;
    file.write_all(b"\n")?;
    let all_met = rows.iter().all(|row| row.met != Some(false));
    Ok(if all_met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
