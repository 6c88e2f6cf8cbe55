//! Gauges of what is looked at from time to time.

use std::convert::Infallible;
use std::time::Duration;

use crate::shutdown::{Stage, Tasks};

const INTERVAL: Duration = Duration::from_secs(1);

/// Calls `look` every second until operations end.
pub fn sample(tasks: &Tasks, name: &'static str, look: impl Fn() + Send + 'static) {
    tasks.spawn(Stage::Operate, name, |stop| async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            look();
        }
        Ok::<_, Infallible>(())
    });
}
