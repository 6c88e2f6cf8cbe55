//! What one read out of memory costs however much there is: products in memory, and recent changes that the
//! freshness rule looks through. Everything that a read passes through runs on one thread, over a pipe in
//! memory, so that its processor time is the cost and nothing else.
//!
//! `benches/hot_read` counts the instructions of the same. What it cannot count is measured here: how long
//! the processor waits for memory, which is what a larger catalog makes longer.

mod catalog;
mod pipe;
mod rounds;
mod rows;

use anyhow::Context as _;
use tokio::task::spawn_blocking;

pub use pipe::{Asking, Pipe, catalog_query, constant, grown};

use crate::report::Row;

/// What is measured. The first of the sizes and the first of the changes are what the others are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How many products there are.
    pub products: &'static [u32],
    /// How many other things have changed lately.
    pub changes: &'static [u32],
    /// How many requests are made in one round, each of its own, by popularity.
    pub requests: usize,
    /// How many times all are measured.
    pub rounds: usize,
}

impl Plan {
    /// What the report is of.
    pub const STANDARD: Self = Self {
        products: &[10_000, 100_000, 1_000_000],
        changes: &[1_000, 4_000, 16_000, 64_000],
        requests: 50_000,
        rounds: 7,
    };
    /// Only to see that all of it runs.
    pub const SHORT: Self =
        Self { products: &[1_000, 10_000], changes: &[1_000, 4_000], requests: 5_000, rounds: 1 };

    /// All that are measured; what they are compared with first.
    fn sizes(&self) -> Vec<Size> {
        let (Some(few), Some(quiet)) = (self.products.first(), self.changes.first()) else {
            return Vec::new();
        };
        let products =
            self.products.iter().map(|products| Size { products: *products, changes: *quiet });
        let changes = self.changes.iter().map(|changes| Size { products: *few, changes: *changes });
        products.chain(changes.skip(1)).collect()
    }
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    products: u32,
    changes: u32,
}

/// Measures in this process; needs no stack.
pub async fn run(plan: &Plan) -> anyhow::Result<Vec<Row>> {
    let plan = plan.clone();
    let measured = spawn_blocking(move || rounds::measure(&plan)).await;
    Ok(rows::rows(&measured.context("the measuring thread ended")??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_size_is_measured_once() {
        let sizes = Plan::SHORT.sizes();
        let size = |products, changes| Size { products, changes };
        assert_eq!(sizes, [size(1_000, 1_000), size(10_000, 1_000), size(1_000, 4_000)]);
    }
}
