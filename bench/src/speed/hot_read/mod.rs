//! A product out of memory, beside what other servers take for bytes of the same kind: all of them one after
//! the other in each round, so that what the machine does meanwhile meets them alike.

mod rounds;
mod rows;
mod servers;

use std::time::Duration;

use devstack::Stack;

use self::{rounds::measure, servers::Servers};
use crate::report::Row;

/// What is measured, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How many products there are, those counted that storefronts do not see.
    pub products: usize,
    /// How many connections ask.
    pub connections: usize,
    /// How many times each server is measured,
    pub rounds: usize,
    /// and for how long each time.
    pub lasts: Duration,
    /// The part of its greatest rate at which latency is measured.
    pub load: f64,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// What the report is of.
    pub const STANDARD: Self = Self {
        products: 100_000,
        connections: 64,
        rounds: 5,
        lasts: Duration::from_secs(2),
        load: 0.7,
        seed: 1,
    };
    /// To see that all of it runs.
    pub const SHORT: Self =
        Self { products: 10_000, rounds: 1, lasts: Duration::from_millis(500), ..Self::STANDARD };
}

/// Measures on a stack whose catalog has enough products; files that servers need go to `folder`.
pub async fn run(stack: &Stack, plan: &Plan, folder: &std::path::Path) -> anyhow::Result<Vec<Row>> {
    let servers = Servers::start(stack, plan, folder).await?;
    let measured = measure(&servers, plan).await?;
    Ok(rows::rows(&measured))
}
