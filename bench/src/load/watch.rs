//! When an edit shows.

use std::time::Duration;

use catalog_core::freshness::Version;
use reqwest::Client;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use uuid::Uuid;

use super::{Judge, read};

/// Between two looks.
const INTERVAL: Duration = Duration::from_millis(5);

/// How long after its acknowledgement an edit showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// So long.
    After(Duration),
    /// It did not show as long as was watched.
    Never,
}

/// Reads the product every 5 ms until an answer has at least `version`, which was acknowledged at
/// `acknowledged_at`, for at most `patience`. Every answer on the way is judged too.
pub async fn watch(
    client: &Client,
    address: &str,
    judge: &Judge,
    (product, version): (Uuid, Version),
    acknowledged_at: Instant,
    patience: Duration,
) -> Seen {
    let looks = async {
        let mut looks = interval(INTERVAL);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let asked_at = Instant::now();
            let outcome = read(client, address, product).await;
            judge.judge(product, asked_at, &outcome);
            if outcome.is_ok_and(|answer| answer.version >= version) {
                return acknowledged_at.elapsed();
            }
        }
    };
    timeout(patience, looks).await.map_or(Seen::Never, Seen::After)
}
