//! What is kept, and what that takes: in a process whose products keep growing, and in Redis.

mod churn;
mod documents;
mod growing;
mod in_redis;
mod resident;
mod rows;

use std::{path::Path, time::Duration};

use devstack::Stack;

use crate::report::Row;

/// What is measured, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How much the process may keep.
    pub budget: u64,
    /// How many of the most popular products grow,
    pub growing: usize,
    /// and to how many pieces of text beside their own, each time; a piece has 33 bytes.
    pub sizes: &'static [i32],
    /// How long they are read each time.
    pub lasts: Duration,
    /// How many reads come a second.
    pub read_rate: f64,
    /// How many connections they come over.
    pub connections: usize,
    /// How many products there are in Redis.
    pub in_redis: usize,
    /// About how many bytes each of their documents has.
    pub document: usize,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// What the report is of.
    pub const STANDARD: Self = Self {
        budget: 64 << 20,
        growing: 4_000,
        sizes: &[0, 30, 90, 180, 360],
        lasts: Duration::from_secs(12),
        read_rate: 6_000.0,
        connections: 64,
        in_redis: 1_000_000,
        document: 2_048,
        seed: 1,
    };
    /// Only to see that all of it runs.
    pub const SHORT: Self = Self {
        growing: 500,
        sizes: &[0, 90],
        lasts: Duration::from_secs(2),
        in_redis: 20_000,
        ..Self::STANDARD
    };
}

/// Measures on a stack with a catalog, whose products are afterwards what they were before; files that are
/// needed go to `folder`.
pub async fn run(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Vec<Row>> {
    let churned = churn::measure(stack, plan, folder).await?;
    let kept = in_redis::measure(stack, plan, folder).await?;
    let mut rows = rows::of_churn(plan, &churned);
    rows.extend(rows::of_redis(&kept));
    Ok(rows)
}
