//! What each metric means, for those who look at them.

use metrics::{describe_counter, describe_gauge, describe_histogram};
use service_kit::telemetry::{begin_counter, begin_counters};

use super::demands;

/// Has the metrics of this service explain themselves, and shows those counters from 0 that are not
/// resolved beforehand.
pub fn describe() {
    begin_counters(&["vitrina_unknown_version_rows_total"]);
    let fills = ["filled", "refused_lease", "refused_floor", "refused_newer", "failed"];
    begin_counter("vitrina_redis_fills_total", "outcome", &fills);
    let polls = ["counted", "new_epoch", "no_incarnation", "lower_epoch", "foreign_rows", "failed"];
    begin_counter("vitrina_polls_total", "outcome", &polls);
    demands::begin();
    service_kit::http::describe();
    service_kit::postgres::describe();
    answers();
    loads();
    changes();
    memory();
}

fn answers() {
    describe_counter!(
        "vitrina_answers_total",
        "Products, lists and trees answered, by the layer that had them (moka, redis, replica, primary) and by whether they were within the bound (fresh) or said that they were not (stale)."
    );
    describe_counter!(
        "vitrina_demands_total",
        "Requests that asked for more than the bound, by what they asked for (no_cache, strong, session) and by whether all of the answer met it."
    );
    describe_counter!(
        "vitrina_mismatched_hits_total",
        "Hits in memory that were another product than the one asked for, and were not answered. Must stay 0."
    );
    describe_gauge!(
        "vitrina_freshness_bound_seconds",
        "How old an answer may be that does not say that it is stale."
    );
    describe_gauge!(
        "vitrina_proof_lag_seconds",
        "Seconds since the newest poll was sent that counted. Above the bound every answer says that it is stale."
    );
}

fn loads() {
    describe_histogram!(
        "vitrina_load_duration_seconds",
        "Seconds that a call to Redis or the statements of a load at a replica or the primary took, by layer."
    );
    describe_counter!("vitrina_loads_total", "Loads asked of a database, by layer and outcome.");
    describe_counter!("vitrina_loads_coalesced_total", "Callers that joined a load under way.");
    describe_counter!("vitrina_loads_refused_total", "Loads refused because too many waited.");
    describe_gauge!("vitrina_loads_waiting", "Things that wait for their load to begin.");
    describe_gauge!(
        "vitrina_refreshes_waiting",
        "Superseded entries that wait to be loaded again beside the requests."
    );
    describe_counter!(
        "vitrina_refreshes_dropped_total",
        "Superseded entries left to their next reader because too many waited."
    );
    describe_counter!(
        "vitrina_dated_loads_total",
        "Lists, trees and old slugs asked of a database, by layer and outcome."
    );
    describe_counter!(
        "vitrina_dated_loads_refused_total",
        "Lists, trees and old slugs refused because too many were under way."
    );
    describe_counter!(
        "vitrina_redis_calls_total",
        "Calls to Redis, by outcome: answered, failed, or refused by the breaker."
    );
    describe_counter!(
        "vitrina_redis_fills_total",
        "Bodies offered to Redis, by outcome: filled, refused for a lost lease (refused_lease), a raised floor (refused_floor) or a newer body (refused_newer), or failed."
    );
    describe_gauge!("vitrina_redis_breaker_open", "1 while Redis is left alone after failures.");
    describe_counter!(
        "vitrina_unusable_entries_total",
        "Entries of a store that this release could not read."
    );
    describe_gauge!(
        "vitrina_replica_lag_seconds",
        "Seconds since the last poll was sent that the replica is certain to include; half a second is none."
    );
}

fn changes() {
    describe_counter!(
        "vitrina_polls_total",
        "Polls of the primary, by outcome; only those that counted prove anything."
    );
    describe_histogram!(
        "vitrina_poll_duration_seconds",
        "Seconds from a poll's sending to its answer."
    );
    describe_gauge!("vitrina_recent_entries", "Recent changes that the process remembers.");
    describe_counter!(
        "vitrina_change_records_total",
        "Change records heard from Kafka, by outcome: news, known before, or broken."
    );
    describe_counter!(
        "vitrina_change_feed_failures_total",
        "Errors while following the topic of changes."
    );
    describe_counter!(
        "vitrina_unknown_version_rows_total",
        "Version rows of a kind that this release does not know."
    );
}

fn memory() {
    describe_gauge!("vitrina_moka_bytes", "What the entries of a cache in memory weigh, by cache.");
    describe_gauge!(
        "vitrina_moka_limit_bytes",
        "What the entries of a cache in memory may weigh, by cache."
    );
    describe_gauge!("vitrina_moka_entries", "Entries of a cache in memory, by cache.");
    describe_counter!(
        "vitrina_moka_fills_total",
        "Renderings offered to memory, by outcome: kept, or refused because something as good was there."
    );
}
