//! Many products in one request, and requests for the same products at the same time: what memory does not have
//! comes in one round trip, and each product once for all who ask for it.

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
    /// How many batches are asked for, one after the other.
    pub batches: usize,
    /// How many products are in each, half of them in memory.
    pub of: usize,
    /// How many times many ask for the same at once.
    pub crowds: usize,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// What the report is of.
    pub const STANDARD: Self =
        Self { products: 100_000, batches: 300, of: 24, crowds: 20, seed: 3 };
    /// To see that all of it runs.
    pub const SHORT: Self = Self { products: 10_000, batches: 50, crowds: 5, ..Self::STANDARD };
}

/// Measures on a stack whose catalog has enough products; files that servers need go to `folder`.
pub async fn run(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Vec<Row>> {
    let servers = Servers::start(stack, plan, folder).await?;
    let measured = measure(stack, &servers, plan).await?;
    Ok(rows::rows(plan, &measured))
}
