//! A histogram as text.

use std::fmt::Write as _;

use hdrhistogram::Histogram;

use crate::report::as_figure;

/// Upper ends of the rows, in microseconds.
const ENDS: [u64; 13] = [
    1_000,
    2_500,
    5_000,
    10_000,
    20_000,
    40_000,
    80_000,
    160_000,
    250_000,
    500_000,
    1_000_000,
    2_000_000,
    u64::MAX,
];
const WIDTH: u64 = 50;

/// The microseconds of `histogram` as one bar a row; the longest has the full width.
pub fn bars(histogram: &Histogram<u64>) -> String {
    let mut from = 0;
    let rows: Vec<(String, u64)> = ENDS
        .iter()
        .map(|end| {
            let count = histogram.count_between(from, end - 1);
            from = *end;
            (label(*end), count)
        })
        .collect();
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let mut text = String::new();
    for (label, count) in rows {
        let bar = "#".repeat(usize::try_from((count * WIDTH).div_ceil(most)).unwrap_or(0));
        writeln!(text, "  {label:>10} {count:>6} {bar}")
            .expect("writing to a String does not fail");
    }
    text
}

fn label(end: u64) -> String {
    match end {
        u64::MAX => "more".to_owned(),
        end => format!("< {} ms", as_figure(end) / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_stands_in_one_row() {
        let mut histogram = Histogram::new(3).unwrap();
        for value in [500, 1_500, 200_000, 5_000_000] {
            histogram.record(value).unwrap();
        }
        let text = bars(&histogram);
        let counts: Vec<u64> = text
            .lines()
            .map(|line| line.split('#').next().unwrap())
            .map(|line| line.split_whitespace().last().unwrap().parse().unwrap())
            .collect();
        assert_eq!(counts.iter().sum::<u64>(), 4, "{text}");
        assert_eq!((counts[0], counts[1], counts[8], counts[12]), (1, 1, 1, 1), "{text}");
    }
}
