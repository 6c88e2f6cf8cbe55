//! What is run.

use std::time::Duration;

/// A plan of the measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Reads a second, over all processes.
    pub read_rate: u32,
    /// Edits a second through the admin service; psql edits come a tenth as often.
    pub edit_rate: u32,
    /// Acknowledged edits through the admin service.
    pub admin_edits: u32,
    /// Acknowledged edits with psql.
    pub psql_edits: u32,
    /// How old an answer may be without saying so.
    pub bound: Duration,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// What the project promises to hold under.
    pub const STANDARD: Self = Self {
        read_rate: 2_000,
        edit_rate: 50,
        admin_edits: 2_000,
        psql_edits: 200,
        bound: Duration::from_secs(2),
        seed: 1,
    };

    /// How many psql edits come a second.
    pub fn psql_rate(&self) -> u32 {
        self.edit_rate.div_ceil(10)
    }

    /// How long the edits take when none is refused.
    pub(super) fn length(&self) -> Duration {
        let seconds = |edits: u32, rate: u32| edits.div_ceil(rate.max(1));
        let admin = seconds(self.admin_edits, self.edit_rate);
        Duration::from_secs(admin.max(seconds(self.psql_edits, self.psql_rate())).into())
    }
}
