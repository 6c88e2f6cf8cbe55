//! What is measured about the publisher.

use metrics::{describe_counter, describe_gauge, describe_histogram};
use service_kit::telemetry::{begin_counter, begin_counters};

pub(super) const SLOT_HELD: &str = "vitrina_publisher_slot_held";
pub(super) const LAG_BYTES: &str = "vitrina_publisher_lag_bytes";
pub(super) const SAFE_BYTES: &str = "vitrina_publisher_slot_safe_bytes";
pub(super) const LAG_SECONDS: &str = "vitrina_publisher_lag_seconds";
pub(super) const DELAY: &str = "vitrina_publisher_delay_seconds";
pub(super) const IN_FLIGHT: &str = "vitrina_publisher_in_flight";
pub(super) const PUBLISHED: &str = "vitrina_publisher_records_total";
pub(super) const RESYNC_RECORDS: &str = "vitrina_publisher_resync_records_total";
pub(super) const RESYNCS: &str = "vitrina_publisher_resyncs_total";
pub(super) const FAILURES: &str = "vitrina_publisher_failures_total";
pub(super) const EPOCH_AHEAD: &str = "vitrina_publisher_epoch_ahead";
pub(super) const UNREADABLE: &str = "vitrina_publisher_unreadable_total";

/// Has them explain themselves, and shows counters from 0.
pub(crate) fn describe() {
    begin_counters(&[PUBLISHED, RESYNC_RECORDS, FAILURES, UNREADABLE]);
    begin_counter(RESYNCS, "reason", &["new_epoch", "lost_slot"]);
    describe_gauge!(SLOT_HELD, "1 while this process holds the slot and publishes, else 0.");
    describe_gauge!(LAG_BYTES, "How much log has not been confirmed by whoever publishes.");
    describe_gauge!(SAFE_BYTES, "How much more log may be written before the slot is lost.");
    describe_gauge!(
        LAG_SECONDS,
        "How long ago the oldest transaction was committed that Kafka has not acknowledged."
    );
    describe_histogram!(
        DELAY,
        "From a transaction's commit, by the primary's clock, to Kafka's acknowledgement."
    );
    describe_gauge!(IN_FLIGHT, "Records that Kafka has not acknowledged.");
    describe_counter!(
        PUBLISHED,
        "Records that Kafka has acknowledged, those of resynchronisations not counted."
    );
    describe_counter!(
        RESYNC_RECORDS,
        "Records that Kafka has acknowledged as part of a resynchronisation."
    );
    describe_counter!(RESYNCS, "Resynchronisations begun, by reason.");
    describe_counter!(FAILURES, "Sessions that ended with a failure and were begun again.");
    describe_gauge!(
        EPOCH_AHEAD,
        "1 while the feed tells of an epoch that is too far ahead of the time to begin one above it."
    );
    describe_counter!(UNREADABLE, "Changes that this release could not read and did not publish.");
}
