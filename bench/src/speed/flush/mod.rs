//! Redis forgets everything under full load: whether the replica is asked for more at once than it is meant to
//! be, and what those see of it who ask for what memory has.

mod latency;
mod round;
mod rows;
mod servers;
mod statements;

use std::{path::Path, time::Duration};

use devstack::Stack;
use rand::{SeedableRng as _, rngs::SmallRng};

use self::{
    round::{Asked, greatest_rate, round},
    servers::Servers,
};
use super::products;
use crate::report::Row;

/// What is measured, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How many products there are, those counted that storefronts do not see.
    pub products: usize,
    /// How many connections ask.
    pub connections: usize,
    /// How many times Redis forgets everything,
    pub rounds: usize,
    /// each in the middle of a load of so long.
    pub lasts: Duration,
    /// The part of its greatest rate at which the server is asked.
    pub load: f64,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// What the report is of.
    pub const STANDARD: Self = Self {
        products: 100_000,
        connections: 64,
        rounds: 3,
        lasts: Duration::from_secs(5),
        load: 0.7,
        seed: 5,
    };
    /// To see that all of it runs.
    pub const SHORT: Self =
        Self { products: 10_000, rounds: 1, lasts: Duration::from_secs(3), ..Self::STANDARD };
}

/// Measures on a stack whose catalog has enough products; files that servers need go to `folder`.
pub async fn run(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Vec<Row>> {
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = products::seen(stack, plan.products, &mut random).await?;
    let asked = Asked::of(&catalog, &mut random);
    let rate = greatest_rate(&Servers::start(stack, &catalog, folder).await?, &asked, plan).await?;
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds {
        // What is asked for does not stay out of memory, so each round has servers of its own.
        let servers = Servers::start(stack, &catalog, folder).await?;
        rounds.push(round(stack, &servers, &asked, (rate * plan.load, plan)).await?);
    }
    Ok(rows::rows(rate, plan, &asked, &rounds))
}
