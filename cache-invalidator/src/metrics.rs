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
pub(crate) const AUDIT_PROBES: &str = "vitrina_audit_probes_total";
pub(crate) const AUDIT_INCONSISTENCIES: &str = "vitrina_audit_inconsistencies_total";
pub(crate) const AUDIT_CONFIRMED: &str = "vitrina_audit_confirmed_total";
pub(crate) const AUDIT_AGE: &str = "vitrina_audit_inconsistency_age_seconds";
pub(crate) const AUDIT_NINES: &str = "vitrina_audit_nines";
pub(crate) const AUDIT_SKIPPED: &str = "vitrina_audit_skipped_total";
pub(crate) const AUDIT_WITHIN_BOUND: &str = "vitrina_audit_within_bound_total";
pub(crate) const AUDIT_INCOMPLETE: &str = "vitrina_audit_incomplete_total";
pub(crate) const AUDIT_FAILURES: &str = "vitrina_audit_failures_total";

/// Has the metrics of this service explain themselves, and shows counters from 0.
pub(crate) fn describe() {
    begin_counters(&[BATCHES, BATCH_RETRIES, RECORDS, RECEIVE_ERRORS]);
    begin_counter(AUDIT_CONFIRMED, "layer", &["redis", "moka"]);
    begin_counter(AUDIT_FAILURES, "layer", &["redis", "moka"]);
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
    describe_audit();
}

fn describe_audit() {
    describe_counter!(
        AUDIT_PROBES,
        "Writes looked at so many seconds after their effect in Redis, by the layer that had something of them."
    );
    describe_counter!(
        AUDIT_INCONSISTENCIES,
        "Of these, those of which the layer had an older version that it should not have, or one version in two forms."
    );
    describe_counter!(
        AUDIT_WITHIN_BOUND,
        "Of these, those of which a pod would answer with what it had proven before them, within the bound."
    );
    describe_counter!(
        AUDIT_INCOMPLETE,
        "Writes of which nothing wrong was seen, while some pods did not tell what they have."
    );
    describe_counter!(
        AUDIT_CONFIRMED,
        "What was wrong after 60 s and the primary has otherwise: entries, not writes."
    );
    describe_gauge!(
        AUDIT_AGE,
        "How long after its effect the oldest inconsistency of the last minute was seen; 0 without one."
    );
    describe_gauge!(
        AUDIT_NINES,
        "-log10 of the rate of inconsistencies since the process began, of which there are three at least. \
         It does not add up over processes: the counters do."
    );
    describe_counter!(AUDIT_SKIPPED, "Writes not looked at: too many waited, or it was too late.");
    describe_counter!(AUDIT_FAILURES, "Looks that failed: of Redis, of a pod, of a name of pods.");
}
