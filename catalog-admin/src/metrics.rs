//! What each metric of this service means, for those who look at them.

use metrics::describe_counter;
use service_kit::telemetry::{begin_counter, begin_counters};

use crate::{epoch, publisher};

pub(crate) const AUTH_REFUSED: &str = "vitrina_auth_refused_total";
pub(crate) const IMPORT_LINES: &str = "vitrina_import_lines_total";

/// Has the metrics of this service explain themselves, and shows counters from 0.
pub(crate) fn describe() {
    begin_counters(&[AUTH_REFUSED]);
    begin_counter(IMPORT_LINES, "outcome", &["created", "updated", "unchanged", "rejected"]);
    service_kit::http::describe();
    service_kit::postgres::describe();
    epoch::describe_metrics();
    publisher::describe_metrics();
    describe_counter!(
        AUTH_REFUSED,
        "Requests refused for their token: missing, bad, or without the role."
    );
    describe_counter!(
        IMPORT_LINES,
        "Lines of imports, by outcome: created, updated, unchanged or rejected."
    );
}
