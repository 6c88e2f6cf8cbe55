//! What callers asked for beyond the bound.

use metrics::counter;

use crate::read::{Demand, Level};

const DEMANDS: &str = "vitrina_demands_total";

/// A request that asked for more than the bound has been answered.
pub fn demanded(demand: &Demand) {
    if demand.is_bounded() {
        return;
    }
    let asked = match demand.level() {
        Level::Strong => "strong",
        Level::SinceArrival => "no_cache",
        Level::Bounded => "session",
    };
    let outcome = if demand.was_met() { "met" } else { "unmet" };
    counter!(DEMANDS, "demand" => asked, "outcome" => outcome).increment(1);
}

/// Shows them from 0.
pub(super) fn begin() {
    for asked in ["no_cache", "strong", "session"] {
        for outcome in ["met", "unmet"] {
            counter!(DEMANDS, "demand" => asked, "outcome" => outcome).increment(0);
        }
    }
}
