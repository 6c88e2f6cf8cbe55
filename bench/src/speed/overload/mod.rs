//! More requests than a process can carry: it must go on answering as many as it can, refuse the others at
//! once, and be as quick as before soon after.
//!
//! Two kinds of reads are tried, because different things bound them: reads out of memory, which are bounded
//! by the processor alone, and reads of which each needs a statement at the replica, as after a loss of Redis.

mod cases;
mod rounds;
mod rows;

use std::{path::Path, time::Duration};

use devstack::Stack;

use self::{cases::Case, rounds::measure};
use crate::report::Row;

/// What is measured, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How many connections ask when the greatest rate is looked for; fewer than the process works on at once.
    pub connections: usize,
    /// How many connections the surplus comes over; more than that.
    pub crowd: usize,
    /// How many times as much as can be carried comes.
    pub times: f64,
    /// The part of the greatest rate that is asked for before and after.
    pub load: f64,
    /// How many times all of it is measured.
    pub rounds: usize,
    /// How long the greatest rate is looked for each time,
    pub peak: Duration,
    /// how long the load before and after is measured,
    pub calm: Duration,
    /// and how long the surplus lasts.
    pub surge: Duration,
    /// How long after it latency must be as before.
    pub recovery: Duration,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// What the report is of.
    pub const STANDARD: Self = Self {
        connections: 256,
        crowd: 2_500,
        times: 3.0,
        load: 0.5,
        rounds: 3,
        peak: Duration::from_secs(2),
        calm: Duration::from_secs(3),
        surge: Duration::from_secs(4),
        recovery: Duration::from_secs(2),
        seed: 1,
    };
    /// Only to see that all of it runs.
    pub const SHORT: Self = Self {
        rounds: 1,
        peak: Duration::from_millis(500),
        calm: Duration::from_secs(1),
        surge: Duration::from_secs(1),
        ..Self::STANDARD
    };
}

/// Measures on a stack with a catalog; files that are needed go to `folder`.
pub async fn run(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for case in [Case::hot(stack, plan, folder).await?, Case::missed(stack, plan, folder).await?] {
        rows.extend(rows::rows(case.name, plan, &measure(&case, plan).await?));
    }
    Ok(rows)
}
