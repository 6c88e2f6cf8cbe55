//! The figures of growth.

use super::rounds::Cost;
use crate::{report::Row, speed::speeds::median};

/// How much more a request may cost, of what it costs with the least.
const FLAT: f64 = 1.15;

pub(super) fn rows(costs: &[Cost]) -> Vec<Row> {
    let Some((least, others)) = costs.split_first() else { return Vec::new() };
    let name = |cost: &Cost, what: &str| {
        let size = cost.size;
        format!("growth: {what}, {} products, {} recent changes", size.products, size.changes)
    };
    let micros = median(least.rounds.iter().map(|cost| cost * 1e6));
    let mut rows = vec![Row::told(name(least, "processor time of a read"), micros, "µs")];
    for cost in others {
        // Of the same round: the machine may have been slower in another.
        let ratios = cost.rounds.iter().zip(&least.rounds).map(|(cost, least)| cost / least);
        let name = name(cost, "the same, of that");
        rows.push(Row::below(name, median(ratios), "×", FLAT));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speed::growth::Size;

    #[test]
    fn what_costs_more_with_more_is_missed() {
        let cost = |products, rounds: [f64; 3]| Cost {
            size: Size { products, changes: 0 },
            rounds: rounds.to_vec(),
        };
        let costs =
            [cost(1, [10e-6, 20e-6, 10e-6]), cost(2, [11e-6, 22e-6, 30e-6]), cost(3, [12e-6; 3])];
        let rows = rows(&costs);
        assert_eq!(
            rows.iter().map(|row| row.met).collect::<Vec<_>>(),
            [None, Some(true), Some(false)]
        );
        assert!((rows[0].value - 10.0).abs() < 1e-6);
        assert!((rows[1].value - 1.1).abs() < 1e-9);
    }
}
