//! What is run.

use std::time::Duration;

use crate::freshness;

/// A plan of the measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Reads a second, over all processes.
    pub read_rate: u32,
    /// Edits a second through the admin service.
    pub admin_rate: u32,
    /// Edits a second with psql.
    pub psql_rate: u32,
    /// How long each part is gone.
    pub outage: Duration,
    /// How old an answer may be without saying so.
    pub bound: Duration,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// What the project promises to hold under: the load of the freshness measurement, and each
    /// part gone for ten seconds.
    pub fn standard() -> Self {
        let freshness = freshness::Plan::STANDARD;
        Self {
            read_rate: freshness.read_rate,
            admin_rate: freshness.edit_rate,
            psql_rate: freshness.psql_rate(),
            outage: Duration::from_secs(10),
            bound: freshness.bound,
            seed: freshness.seed,
        }
    }
}
