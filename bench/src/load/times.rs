//! How long things took, recorded by any number of tasks at once.

use std::time::Duration;

use hdrhistogram::Histogram;
use parking_lot::Mutex;

use crate::report::as_figure;

/// Greater ones count as this.
const GREATEST_MICROS: u64 = 60_000_000;

/// A histogram of microseconds.
#[derive(Debug)]
pub struct Times(Mutex<Histogram<u64>>);

impl Default for Times {
    fn default() -> Self {
        let histogram = Histogram::new_with_bounds(1, GREATEST_MICROS, 3)
            .expect("these bounds and digits are valid");
        Self(Mutex::new(histogram))
    }
}

impl Times {
    /// Notes one.
    pub fn record(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(GREATEST_MICROS);
        self.0.lock().saturating_record(micros);
    }

    /// What has been recorded so far.
    pub fn reading(&self) -> Histogram<u64> {
        self.0.lock().clone()
    }
}

/// A quantile in milliseconds.
pub fn millis(histogram: &Histogram<u64>, quantile: f64) -> f64 {
    as_figure(histogram.value_at_quantile(quantile)) / 1000.0
}
