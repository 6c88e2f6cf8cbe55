//! The names of what is measured about epochs, beats and long writers.

/// Gauge: the epoch that this process last saw.
pub(super) const EPOCH: &str = "vitrina_epoch";
/// Counter: beats that this process added.
pub(super) const BEATS: &str = "vitrina_beats_total";
/// Counter: beats that failed.
pub(super) const BEAT_FAILURES: &str = "vitrina_beat_failures_total";
/// Counter: epochs that this process began.
pub(super) const EPOCHS_BEGUN: &str = "vitrina_epochs_begun_total";
/// Gauge: the age of the oldest open writing transaction.
pub(super) const OLDEST_WRITER: &str = "vitrina_writers_oldest_seconds";
/// Gauge: writing transactions older than the setting allows without a warning.
pub(super) const LONG_WRITERS: &str = "vitrina_writers_long";
/// Counter: writing transactions that were ended for their age.
pub(super) const WRITERS_ENDED: &str = "vitrina_writers_ended_total";
