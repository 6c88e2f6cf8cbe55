//! A product out of Redis that memory does not have, beside the least that such a read can be: a bare hyper
//! server that gets as many bytes from the same Redis, through the same client, for each answer.

mod rounds;
mod rows;
mod servers;

use std::{path::Path, time::Duration};

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
        seed: 2,
    };
    /// To see that all of it runs. Of fewer products more are in memory.
    pub const SHORT: Self =
        Self { products: 10_000, rounds: 1, lasts: Duration::from_millis(500), ..Self::STANDARD };
}

/// Measures on a stack whose catalog has enough products; files that servers need go to `folder`.
pub async fn run(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Vec<Row>> {
    let mut servers = Servers::start(stack, plan, folder).await?;
    let measured = measure(&mut servers, plan).await?;
    Ok(rows::rows(&measured))
}
