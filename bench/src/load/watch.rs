//! When an edit shows.

use std::time::Duration;

use reqwest::Client;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{Edit, Judge, read, tally::count};

/// Between two polls; a poll that takes longer is followed at once by the next.
pub const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// How long after its acknowledgement an edit showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// So long.
    After(Duration),
    /// It did not show as long as was watched.
    Never,
}

/// Polls the edited product until an answer has at least its version, for at most `patience`.
/// Every answer on the way is judged too.
pub async fn watch(
    client: &Client,
    address: &str,
    judge: &Judge,
    edit: Edit,
    patience: Duration,
) -> Seen {
    let deadline = Instant::now() + patience;
    let mut polls = interval(POLL_INTERVAL);
    polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last = None;
    while Instant::now() < deadline {
        polls.tick().await;
        let asked_at = Instant::now();
        count(&judge.tally.polls);
        if let Some(before) = last.replace(asked_at) {
            judge.tally.poll_gaps.record(asked_at - before);
        }
        let outcome = read(client, address, edit.product).await;
        judge.judge(edit.product, asked_at, &outcome);
        if outcome.is_ok_and(|answer| answer.version >= edit.version) {
            return Seen::After(edit.acknowledged_at.elapsed());
        }
    }
    Seen::Never
}
