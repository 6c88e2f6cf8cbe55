//! The figures of batches.

use super::{Plan, measure::Measured, servers::crowd};
use crate::report::Row;

pub(super) fn rows(plan: &Plan, measured: &Measured) -> Vec<Row> {
    let (batches, of) = (plan.batches as u64, plan.of as u64);
    let crowded = (plan.crowds * crowd(plan)) as u64;
    vec![
        Row::all(
            format!("batch: round trips to Redis for {batches} batches of {of}, half in memory"),
            measured.reads,
            batches,
        ),
        Row::all("batch: products asked of Redis for them", measured.gets, batches * of / 2),
        Row::count(
            "batch: requests for products at the same time, alone and in batches",
            measured.asked,
        ),
        Row::count("batch: of these, joined another's load", measured.joined),
        Row::all(
            format!("batch: products asked of Redis for them, of {crowded} that it has"),
            measured.crowded_gets,
            crowded,
        ),
        Row::all(
            format!("batch: products asked of the replica for them, of {crowded} others"),
            measured.crowded_loads,
            crowded,
        ),
    ]
}
