//! Counters that are there from the start.

use metrics::counter;

/// Shows these counters at 0 before anything has happened: whoever watches a counter for its first
/// increase has to have seen it before.
pub fn begin_counters(names: &[&'static str]) {
    for name in names {
        counter!(*name).increment(0);
    }
}

/// The same of one counter, for each value of its one label.
pub fn begin_counter(name: &'static str, label: &'static str, values: &[&'static str]) {
    for value in values {
        counter!(name, label => *value).increment(0);
    }
}
