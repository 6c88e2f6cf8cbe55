//! What each metric of this service is called and means.

use metrics::{describe_counter, describe_gauge, describe_histogram};
use service_kit::telemetry::{begin_counter, begin_counters};

pub(crate) const BATCHES: &str = "vitrina_change_batches_total";
pub(crate) const BATCH_DURATION: &str = "vitrina_change_batch_duration_seconds";
pub(crate) const BATCH_RETRIES: &str = "vitrina_change_batch_retries_total";
pub(crate) const RECORDS: &str = "vitrina_change_records_total";
pub(crate) const RECEIVE_ERRORS: &str = "vitrina_change_receive_errors_total";
pub(crate) const DELAY: &str = "vitrina_change_delay_seconds";
pub(crate) const LAG: &str = "vitrina_change_lag_records";
pub(crate) const FLOORS: &str = "vitrina_floors_raised_total";
pub(crate) const PARKED: &str = "vitrina_records_parked_total";
pub(crate) const REFILLS: &str = "vitrina_refills_total";
pub(crate) const REFILLS_WAITING: &str = "vitrina_refills_waiting";

/// Has the metrics of this service explain themselves, and shows counters from 0.
pub(crate) fn describe() {
    begin_counters(&[BATCHES, BATCH_RETRIES, RECORDS, RECEIVE_ERRORS]);
    begin_counter(FLOORS, "body", &["absent", "dropped"]);
    begin_counter(PARKED, "outcome", &["whole", "cut", "nowhere"]);
    begin_counter(
        REFILLS,
        "outcome",
        &[
            "filled",
            "refused",
            "left_to_reader",
            "queue_full",
            "redis_away",
            "replica_away",
            "replica_behind",
        ],
    );
    service_kit::postgres::describe();
    describe_counter!(BATCHES, "Batches of records that have had their effect.");
    describe_histogram!(BATCH_DURATION, "Seconds from a batch's taking to its effect.");
    describe_counter!(BATCH_RETRIES, "Effects of batches that were tried again.");
    describe_counter!(RECORDS, "Records taken from Kafka.");
    describe_counter!(RECEIVE_ERRORS, "Errors of Kafka's client while it waited for records.");
    describe_histogram!(
        DELAY,
        "Seconds from a record's timestamp to its effect in Redis. Two machines' clocks are compared."
    );
    describe_gauge!(LAG, "Records of this member's partitions that it has not taken yet.");
    describe_counter!(
        FLOORS,
        "Floors raised in Redis, by what became of the body: dropped, or absent before."
    );
    describe_counter!(
        PARKED,
        "Records that could not have their effect, by what became of them: parked whole or cut, or lost (nowhere)."
    );
    describe_counter!(REFILLS, "Products to be loaded again for Redis, by outcome.");
    describe_gauge!(REFILLS_WAITING, "Products that wait to be loaded again for Redis.");
}
