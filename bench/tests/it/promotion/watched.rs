//! What processes answer all the while.

use std::{sync::Arc, time::Duration};

use bench::load::{Answer, POLL_INTERVAL, read};
use parking_lot::Mutex;
use reqwest::Client;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::waiting::eventually;

/// The answers of one process, each with the moment at which it was asked for.
type Answers = Arc<Mutex<Vec<(Instant, Answer)>>>;

/// Reads of one product from every process, until this is dropped.
pub(super) struct Watched {
    answers: Vec<Answers>,
    stop: CancellationToken,
}

impl Watched {
    pub(super) fn begin(client: &Client, addresses: &[String], product: Uuid) -> Self {
        let stop = CancellationToken::new();
        let watch = |address: &String| {
            let answers = Answers::default();
            let reading =
                keep_reading(client.clone(), address.clone(), product, Arc::clone(&answers));
            tokio::spawn(stop.clone().run_until_cancelled_owned(reading));
            answers
        };
        let answers = addresses.iter().map(watch).collect();
        Self { answers, stop }
    }

    /// Waits until each process has answered with this mark.
    pub(super) async fn shows(&self, mark: &str) {
        for answers in &self.answers {
            eventually("it is shown", async || {
                answers.lock().iter().any(|(_, answer)| answer.brand.as_deref() == Some(mark))
            })
            .await;
        }
    }

    /// Of a history that has ended nothing is answered unlabelled later than the bound after the next one's
    /// first commit, which was made before `begun`. This is the mark of what it had and the next one has not.
    pub(super) async fn saw_the_last_of(&self, mark: &str, begun: Instant, bound: Duration) {
        let bears_it = |answer: &Answer| answer.brand.as_deref() == Some(mark);
        for answers in &self.answers {
            eventually("it is read for long enough after the epoch has begun", async || {
                answers.lock().last().is_some_and(|(asked, _)| *asked > begun + 2 * bound)
            })
            .await;
            let answers = answers.lock().clone();
            let late = answers.iter().find(|(asked, answer)| {
                *asked > begun + bound && !answer.stale && bears_it(answer)
            });
            assert!(late.is_none(), "{late:?} and the epoch had begun by {begun:?}");
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn keep_reading(client: Client, address: String, product: Uuid, answers: Answers) {
    let mut reads = interval(POLL_INTERVAL);
    reads.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        reads.tick().await;
        let asked = Instant::now();
        if let Ok(answer) = read(&client, &address, product).await {
            answers.lock().push((asked, answer));
        }
    }
}
