//! A product that neither memory nor Redis has: one round trip to the replica, whoever else asks for it
//! meanwhile, here or in another process.

mod measure;
mod rows;
mod servers;

use std::path::Path;

use devstack::Stack;

use self::{measure::measure, servers::Servers};
use crate::report::Row;

/// What is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How many products there are, those counted that storefronts do not see.
    pub products: usize,
    /// How many products are asked for once, one after the other.
    pub alone: usize,
    /// How many products are asked for by a herd, one after the other.
    pub herds: usize,
    /// How many requests a herd is, over all processes,
    pub requests: usize,
    /// and over how many connections, all of which ask at once.
    pub connections: usize,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// What the report is of.
    pub const STANDARD: Self = Self {
        products: 100_000,
        alone: 300,
        herds: 5,
        requests: 10_000,
        connections: 500,
        seed: 4,
    };
    /// To see that all of it runs.
    pub const SHORT: Self = Self { products: 10_000, alone: 50, herds: 2, ..Self::STANDARD };
}

/// Measures on a stack whose catalog has enough products; files that servers need go to `folder`.
pub async fn run(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Vec<Row>> {
    let servers = Servers::start(stack, plan, folder).await?;
    let measured = measure(stack, &servers, plan).await?;
    Ok(rows::rows(plan, &measured))
}
