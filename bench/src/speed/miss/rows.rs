//! The figures of misses.

use super::{
    Plan,
    measure::{Measured, Statements},
};
use crate::report::Row;

pub(super) fn rows(plan: &Plan, measured: &Measured) -> Vec<Row> {
    let (alone, misses) = (measured.alone, plan.alone as u64);
    let herd = format!("{} requests for one product over three processes", plan.requests);
    let most = |of: fn(&Statements) -> u64| farthest_from_one(measured.herds.iter().map(of));
    vec![
        Row::all(
            format!("miss: statements at the replica for {misses} misses, one after the other"),
            alone.counted,
            misses,
        ),
        Row::all("miss: the same, as the replica's log tells", alone.logged, misses),
        Row::all(
            format!("miss: replica reads for {herd}, the worst of {}", plan.herds),
            most(|statements| statements.counted),
            1,
        ),
        Row::all(
            "miss: the same, as the replica's log tells",
            most(|statements| statements.logged),
            1,
        ),
    ]
}

/// The count that is worst where each should be 1.
fn farthest_from_one(counts: impl Iterator<Item = u64>) -> u64 {
    counts.max_by_key(|count| count.abs_diff(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_herd_is_told() {
        assert_eq!(farthest_from_one([1, 1, 1].into_iter()), 1);
        assert_eq!(farthest_from_one([1, 3, 2].into_iter()), 3);
        assert_eq!(farthest_from_one([1, 0, 1].into_iter()), 0);
        assert_eq!(farthest_from_one(std::iter::empty()), 0);
    }
}
