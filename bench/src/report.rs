//! Reports: a table for people and the same rows as JSON.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::Serialize;

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// The figure.
    pub value: f64,
    /// Its unit; empty for a count.
    pub unit: &'static str,
    /// What it should be, in words such as "< 250"; none where it is only told.
    pub target: Option<String>,
    /// Whether it is; none where it is only told.
    pub met: Option<bool>,
}

impl Row {
    /// A figure without a target.
    pub fn told(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, target: None, met: None }
    }

    /// A count without a target.
    pub fn count(name: impl Into<String>, count: u64) -> Self {
        Self::told(name, as_figure(count), "")
    }

    /// The same figure, only told.
    #[must_use]
    pub fn untargeted(self) -> Self {
        Self { target: None, met: None, ..self }
    }

    /// A figure that must stay below `limit`.
    pub fn below(name: impl Into<String>, value: f64, unit: &'static str, limit: f64) -> Self {
        Self::told(name, value, unit).with_target(format!("< {limit}"), value < limit)
    }

    /// A figure that must reach `least`.
    pub fn at_least(name: impl Into<String>, value: f64, unit: &'static str, least: f64) -> Self {
        Self::told(name, value, unit).with_target(format!(">= {least}"), value >= least)
    }

    /// A figure that must not exceed `most`.
    pub fn at_most(name: impl Into<String>, value: f64, unit: &'static str, most: f64) -> Self {
        Self::told(name, value, unit).with_target(format!("<= {most}"), value <= most)
    }

    /// A count that must be zero.
    pub fn none(name: impl Into<String>, count: u64) -> Self {
        Self::all(name, count, 0)
    }

    /// A count that must not be zero.
    pub fn some(name: impl Into<String>, count: u64) -> Self {
        Self::count(name, count).with_target("> 0".to_owned(), count > 0)
    }

    /// A count that must be exactly this.
    pub fn all(name: impl Into<String>, count: u64, expected: u64) -> Self {
        Self::count(name, count).with_target(expected.to_string(), count == expected)
    }

    fn with_target(self, target: String, met: bool) -> Self {
        Self { target: Some(target), met: Some(met), ..self }
    }
}

/// What every report says of where it was made.
pub fn conditions(products: usize) -> [Row; 2] {
    let build = if cfg!(debug_assertions) { "development" } else { "release" };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    [
        Row::count(format!("cores of the machine ({build} build)"), cores as u64),
        Row::count("visible products in the catalog", products as u64),
    ]
}

/// A count as a figure; counts here are far below the 2^53 from which on that loses precision.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub fn as_figure(count: u64) -> f64 {
    count as f64
}

/// Whether every target is met.
pub fn all_met(rows: &[Row]) -> bool {
    rows.iter().all(|row| row.met != Some(false))
}

/// The rows as a table.
pub fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let target = row.target.as_deref().unwrap_or("");
        let met = match row.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        writeln!(
            text,
            "{:width$}  {:>12} {:<5}  {target:>8}  {met}",
            row.name,
            figure(row.value),
            row.unit
        )
        .expect("writing to a String does not fail");
    }
    text
}

fn figure(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// What a report is of, which decides where it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What the project promises: in `bench/reports/`, beside the code that it is of.
    Standard,
    /// Another plan, or a run that could not measure all: in `target/reports/`.
    Other,
}

/// Where a report is kept, from the project's root.
pub fn place(name: &str, kind: Kind) -> PathBuf {
    let folder = match kind {
        Kind::Standard => "bench/reports",
        Kind::Other => "target/reports",
    };
    Path::new(folder).join(name).with_extension("json")
}

/// Writes the rows as JSON into the project at `root`; gives the place from there.
pub fn write(root: &Path, name: &str, kind: Kind, rows: &[Row]) -> anyhow::Result<PathBuf> {
    let place = place(name, kind);
    let mut text = serde_json::to_string_pretty(rows)?;
    text.push('\n');
    put(root, &place, &text)?;
    Ok(place)
}

/// Writes the same for people, beside it; gives the place.
pub fn write_markdown(root: &Path, name: &str, kind: Kind, text: &str) -> anyhow::Result<PathBuf> {
    let place = place(name, kind).with_extension("md");
    put(root, &place, text)?;
    Ok(place)
}

fn put(root: &Path, place: &Path, text: &str) -> anyhow::Result<()> {
    let path = root.join(place);
    let folder = path.parent().context("a report stands in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_seen_in_the_table_and_in_the_verdict() {
        let rows =
            [Row::below("p99", 251.0, "ms", 250.0), Row::none("wrong", 0), Row::told("n", 3.5, "")];
        assert!(!all_met(&rows));
        assert!(table(&rows).contains("MISSED"));
        assert!(all_met(&rows[1..]));
        assert!(all_met(&[rows[0].clone().untargeted()]));
    }

    #[test]
    fn a_target_is_met_at_its_edge_only_where_it_says_so() {
        for (row, met) in [
            (Row::below("a", 250.0, "ms", 250.0), false),
            (Row::at_least("b", 1_990.0, "", 1_990.0), true),
            (Row::at_least("b", 1_989.9, "", 1_990.0), false),
            (Row::at_most("b", 3.0, "×", 3.0), true),
            (Row::at_most("b", 3.01, "×", 3.0), false),
            (Row::some("c", 0), false),
            (Row::some("c", 1), true),
            (Row::all("d", 4, 5), false),
            (Row::none("e", 1), false),
        ] {
            assert_eq!(row.met, Some(met), "{row:?}");
        }
    }

    #[test]
    fn a_run_of_another_plan_does_not_take_the_place_of_the_promise() {
        let root = tempfile::tempdir().unwrap();
        let rows = [Row::none("wrong", 0)];
        let standard = write(root.path(), "freshness", Kind::Standard, &rows).unwrap();
        let other = write(root.path(), "freshness", Kind::Other, &rows).unwrap();
        assert_eq!(standard, Path::new("bench/reports/freshness.json"));
        assert_eq!(other, Path::new("target/reports/freshness.json"));
        assert!(root.path().join(standard).is_file() && root.path().join(other).is_file());
    }
}
