//! What is run.

use std::time::Duration;

use super::Fault;
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
    /// What fails, one after the other.
    pub faults: Vec<Fault>,
    /// How long each of them lasts.
    pub lasts: Duration,
    /// Whether a reader that proves nothing is judged beside the others.
    pub naive: bool,
    /// How old an answer may be without saying so.
    pub bound: Duration,
    /// Of the choice of products.
    pub seed: u64,
}

impl Plan {
    /// Everything, alone and in pairs, each for 45 seconds: more than twenty minutes in all.
    pub fn whole() -> Self {
        let all = [Fault::KILLS, Fault::MORE, Fault::PAIRS].concat();
        Self::of(all, Duration::from_secs(45))
    }

    /// Each part killed, and some of the rest, for ten seconds each.
    pub fn short() -> Self {
        let more = Fault::MORE.iter().filter(|fault| SHORT.contains(&fault.name));
        let faults = Fault::KILLS.iter().chain(more).copied().collect();
        Self::of(faults, Duration::from_secs(10))
    }

    /// Wall clocks that are off, for ten seconds each, on a stack whose clocks can be set: such a clock
    /// costs so much to read that less is asked.
    pub fn clocks() -> Self {
        let faults = Fault::CLOCKS.to_vec();
        Self { naive: false, read_rate: 200, ..Self::of(faults, Duration::from_secs(10)) }
    }

    /// Under the load of the freshness measurement.
    fn of(faults: Vec<Fault>, lasts: Duration) -> Self {
        let freshness = freshness::Plan::STANDARD;
        Self {
            read_rate: freshness.read_rate,
            admin_rate: freshness.edit_rate,
            psql_rate: freshness.psql_rate(),
            faults,
            lasts,
            naive: true,
            bound: freshness.bound,
            seed: freshness.seed,
        }
    }
}

/// Beside the kills; in the first of them a naive reader goes wrong for certain.
const SHORT: [&str; 2] = ["replay paused", "Redis flushed"];
