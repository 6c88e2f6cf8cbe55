//! What is looked at every so often.

use std::time::Duration;

use metrics::gauge;

use crate::cache::Usage;

/// `B`.
pub fn freshness_bound(bound: Duration) {
    gauge!("vitrina_freshness_bound_seconds").set(bound.as_secs_f64());
}

/// Since the newest poll that counted was sent.
pub fn proof_lag(lag: Duration) {
    gauge!("vitrina_proof_lag_seconds").set(lag.as_secs_f64());
}

/// Since the last poll was sent that the replica is certain to include.
pub fn replica_lag(replica: usize, lag: Duration) {
    gauge!("vitrina_replica_lag_seconds", "replica" => replica.to_string()).set(lag.as_secs_f64());
}

/// How full a cache in memory is.
pub fn memory(cache: &'static str, usage: Usage) {
    gauge!("vitrina_moka_bytes", "cache" => cache).set(approximate(usage.bytes));
    gauge!("vitrina_moka_limit_bytes", "cache" => cache).set(approximate(usage.limit));
    gauge!("vitrina_moka_entries", "cache" => cache).set(approximate(usage.entries));
}

/// How much waits to be loaded.
pub fn waiting(loads: usize, refreshes: usize) {
    gauge!("vitrina_loads_waiting").set(approximate(loads as u64));
    gauge!("vitrina_refreshes_waiting").set(approximate(refreshes as u64));
}

#[expect(clippy::cast_precision_loss, reason = "gauges are for people to look at")]
fn approximate(number: u64) -> f64 {
    number as f64
}
