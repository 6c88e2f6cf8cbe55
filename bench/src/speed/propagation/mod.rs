//! From a change's acknowledgement to the moment at which every pod answers with it, under edits and reads at
//! fixed rates, beside what the replica and Kafka take alone in the same run; and what readers notice of
//! edits: of a hot product while the replica is behind, and of a bulk import.

mod edits;
mod everywhere;
mod floors;
mod hot;
mod import;
mod rows;
mod watched;

use std::{path::Path, time::Duration};

use devstack::Stack;

use crate::report::Row;

/// What is measured, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How many edits come a second,
    pub edit_rate: u32,
    /// how many of them are watched,
    pub watched_rate: u32,
    /// and how many reads come a second, over all pods.
    pub read_rate: u32,
    /// For how long.
    pub lasts: Duration,
    /// How many times a hot product is edited, once a second.
    pub hot_edits: u32,
    /// How many reads of it come a second.
    pub hot_rate: u32,
    /// How far the replica is behind then.
    pub behind: Duration,
    /// How many products are imported.
    pub import: u32,
    /// For how long readers are looked at before that.
    pub before: Duration,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// What the report is of.
    pub const STANDARD: Self = Self {
        edit_rate: 500,
        watched_rate: 20,
        read_rate: 1_000,
        lasts: Duration::from_secs(30),
        hot_edits: 20,
        hot_rate: 1_000,
        behind: Duration::from_millis(50),
        import: 100_000,
        before: Duration::from_secs(6),
        seed: 1,
    };
    /// Only to see that all of it runs.
    pub const SHORT: Self = Self {
        lasts: Duration::from_secs(3),
        hot_edits: 3,
        import: 2_000,
        before: Duration::from_secs(1),
        ..Self::STANDARD
    };
}

/// Measures on a running stack whose catalog is the beginning of the demonstration catalog, which an import
/// makes longer; a file that is needed goes to `folder`.
pub async fn run(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Vec<Row>> {
    let everywhere = everywhere::measure(stack, plan).await?;
    let mut rows = rows::of_everywhere(plan, &everywhere);
    rows.extend(rows::of_hot(plan, &hot::measure(stack, plan).await?));
    rows.extend(rows::of_import(plan, &import::measure(stack, plan, folder).await?));
    Ok(rows)
}
