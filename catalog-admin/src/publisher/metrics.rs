//! The names of what is measured about the publisher.

/// Gauge: 1 while this process holds the slot and publishes, else 0.
pub(super) const SLOT_HELD: &str = "vitrina_publisher_slot_held";
/// Gauge: how much log has not been confirmed by whoever publishes.
pub(super) const LAG_BYTES: &str = "vitrina_publisher_lag_bytes";
/// Gauge: how much more log may be written before the slot is lost.
pub(super) const SAFE_BYTES: &str = "vitrina_publisher_slot_safe_bytes";
/// Gauge: how long ago the oldest transaction was committed that Kafka has not acknowledged.
pub(super) const LAG_SECONDS: &str = "vitrina_publisher_lag_seconds";
/// Histogram: from a transaction's commit, by the primary's clock, to Kafka's acknowledgement.
pub(super) const DELAY: &str = "vitrina_publisher_delay_seconds";
/// Gauge: records that Kafka has not acknowledged.
pub(super) const IN_FLIGHT: &str = "vitrina_publisher_in_flight";
/// Counter: records that Kafka has acknowledged, those of resynchronisations not counted.
pub(super) const PUBLISHED: &str = "vitrina_publisher_records_total";
/// Counter: records that Kafka has acknowledged as part of a resynchronisation.
pub(super) const RESYNC_RECORDS: &str = "vitrina_publisher_resync_records_total";
/// Counter, by `reason`: resynchronisations begun.
pub(super) const RESYNCS: &str = "vitrina_publisher_resyncs_total";
/// Counter: sessions that ended with a failure and were begun again.
pub(super) const FAILURES: &str = "vitrina_publisher_failures_total";
/// Gauge: 1 while the feed tells of an epoch that is too far ahead of the time to begin one above it.
pub(super) const EPOCH_AHEAD: &str = "vitrina_publisher_epoch_ahead";
/// Counter: changes that this release could not read and did not publish.
pub(super) const UNREADABLE: &str = "vitrina_publisher_unreadable_total";
