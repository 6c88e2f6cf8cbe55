//! Reports: a table for people and the same rows as JSON.

use std::{fmt::Write as _, fs, path::Path};

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

    /// A figure that must stay below `limit`.
    pub fn below(name: impl Into<String>, value: f64, unit: &'static str, limit: f64) -> Self {
        let target = Some(format!("< {limit}"));
        Self { name: name.into(), value, unit, target, met: Some(value < limit) }
    }

    /// A count that must be zero.
    pub fn none(name: impl Into<String>, count: u64) -> Self {
        let value = as_figure(count);
        Self { name: name.into(), value, unit: "", target: Some("0".into()), met: Some(count == 0) }
    }

    /// A count that must be exactly this.
    pub fn all(name: impl Into<String>, count: u64, expected: u64) -> Self {
        Self {
            name: name.into(),
            value: as_figure(count),
            unit: "",
            target: Some(expected.to_string()),
            met: Some(count == expected),
        }
    }
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

/// Writes the rows as JSON.
pub fn write_json(path: &Path, rows: &[Row]) -> anyhow::Result<()> {
    let folder = path.parent().context("a report stands in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut text = serde_json::to_string_pretty(rows)?;
    text.push('\n');
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
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
    }
}
