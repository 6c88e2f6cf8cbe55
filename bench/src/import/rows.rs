//! The report.

use std::time::Duration;

use devstack::{loading::Loaded, verify::Comparison};

use super::{Example, example::Lines, listing::Listed};
use crate::report::Row;

/// What came of one example.
pub(super) struct Imported<'a> {
    pub(super) example: Example,
    pub(super) lines: &'a Lines,
    pub(super) loaded: &'a Loaded,
    /// Per process.
    pub(super) listed: Vec<Listed>,
    /// From the first line sent until the replica and every process had all of it.
    pub(super) everywhere: Duration,
}

impl Imported<'_> {
    /// Whether all of it was new, so that its showing up could be measured.
    pub(super) fn was_new(&self) -> bool {
        self.loaded.created == self.lines.count
    }

    pub(super) fn rows(&self) -> Vec<Row> {
        let Self { example, lines, loaded, listed, everywhere } = self;
        let name = |what: &str| format!("{}: {what}", example.source.file());
        let seconds = everywhere.as_secs_f64();
        let shown = name("until the replica and every catalog-query have all of it");
        let time = match example.within {
            Some(most) => Row::below(shown, seconds, "s", most),
            None => Row::told(shown, seconds, "s"),
        };
        let created = Row::all(name("lines created"), loaded.created, lines.count);
        // What was there already showed at once: neither row says anything then.
        let known = loaded.unchanged + loaded.updated > 0;
        let mut rows = vec![
            if known { created.untargeted() } else { created },
            Row::none(name("lines rejected"), loaded.rejected),
            if known { time.untargeted() } else { time },
        ];
        let products = lines.products.values().sum();
        for (process, listed) in (1..).zip(listed) {
            let lists = |what: &str| name(&format!("{what} that process {process} lists"));
            let categories = lines.categories.len() as u64;
            rows.push(Row::all(lists("categories"), listed.categories, categories));
            rows.push(Row::all(lists("products"), listed.products, products));
        }
        rows
    }
}

/// The rows of the comparison with the sources.
pub(super) fn compared(done: &Comparison) -> [Row; 4] {
    let count = |name: &str, number: usize| Row::count(name, number as u64);
    [
        count("products compared", done.products),
        count("categories compared", done.categories),
        count("fields compared", done.fields),
        Row::none("fields that differ", done.differences.len() as u64),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use devstack::{convert::Source, loading::LineErrors};

    use super::*;
    use crate::report::all_met;

    fn rows(created: u64, unchanged: u64, listed: u64, seconds: u64) -> Vec<Row> {
        let lines = Lines {
            bytes: Vec::new(),
            count: 11,
            categories: BTreeSet::from(["one".to_owned()]),
            products: BTreeMap::from([("one".to_owned(), 10)]),
        };
        let loaded = Loaded {
            id: String::new(),
            lines_total: 11,
            created,
            updated: 0,
            unchanged,
            rejected: 0,
            errors: LineErrors { items: Vec::new() },
        };
        let imported = Imported {
            example: Example { source: Source::Amazon, lines: 11, within: Some(20.0) },
            lines: &lines,
            loaded: &loaded,
            listed: vec![Listed { categories: 1, products: listed }],
            everywhere: Duration::from_secs(seconds),
        };
        imported.rows()
    }

    #[test]
    fn an_import_that_is_slow_or_not_whole_is_missed() {
        assert!(all_met(&rows(11, 0, 10, 19)));
        assert!(!all_met(&rows(11, 0, 10, 20)), "slow");
        assert!(!all_met(&rows(11, 0, 9, 5)), "a product is not listed");
        assert!(!all_met(&rows(10, 0, 10, 5)), "a line is not accounted for");
    }

    #[test]
    fn what_was_there_before_meets_no_target_of_speed() {
        let rows = rows(0, 11, 10, 1);
        let time = rows.iter().find(|row| row.unit == "s").unwrap();
        assert_eq!((time.met, rows[0].met), (None, None));
    }
}
