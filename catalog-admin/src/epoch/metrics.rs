//! What is measured about epochs, beats and long writers.

use metrics::{describe_counter, describe_gauge};
use service_kit::telemetry::begin_counters;

pub(super) const EPOCH: &str = "vitrina_epoch";
pub(super) const BEATS: &str = "vitrina_beats_total";
pub(super) const BEAT_FAILURES: &str = "vitrina_beat_failures_total";
pub(super) const EPOCHS_BEGUN: &str = "vitrina_epochs_begun_total";
pub(super) const OLDEST_WRITER: &str = "vitrina_writers_oldest_seconds";
pub(super) const LONG_WRITERS: &str = "vitrina_writers_long";
pub(super) const WRITERS_ENDED: &str = "vitrina_writers_ended_total";

/// Has them explain themselves, and shows counters from 0.
pub(crate) fn describe() {
    begin_counters(&[BEATS, BEAT_FAILURES, EPOCHS_BEGUN, WRITERS_ENDED]);
    describe_gauge!(EPOCH, "The epoch that this process last saw.");
    describe_counter!(BEATS, "Beats that this process added.");
    describe_counter!(BEAT_FAILURES, "Beats that failed.");
    describe_counter!(EPOCHS_BEGUN, "Epochs that this process began.");
    describe_gauge!(OLDEST_WRITER, "The age of the oldest open writing transaction.");
    describe_gauge!(
        LONG_WRITERS,
        "Writing transactions older than the setting allows without a warning."
    );
    describe_counter!(WRITERS_ENDED, "Writing transactions that were ended for their age.");
}
