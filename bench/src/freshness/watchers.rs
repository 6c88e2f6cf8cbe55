//! A watch on each edit in each process.

use std::{sync::Arc, time::Duration};

use hdrhistogram::Histogram;
use reqwest::Client;
use tokio_util::task::TaskTracker;

use crate::load::{Edit, Judge, READ_LIMIT, Seen, Times, client, watch};

/// How long an edit is watched for: well over the bound, so that a miss is seen as one.
const PATIENCE: Duration = Duration::from_secs(5);

/// Watches edits until they show.
#[derive(Debug, Clone)]
pub(super) struct Watchers {
    client: Client,
    judge: Judge,
    processes: Arc<[Process]>,
    watching: TaskTracker,
}

#[derive(Debug)]
struct Process {
    address: String,
    delays: Times,
}

impl Watchers {
    /// Watchers of these processes.
    pub(super) fn new(addresses: &[String], judge: Judge) -> anyhow::Result<Self> {
        let process =
            |address: &String| Process { address: address.clone(), delays: Times::default() };
        Ok(Self {
            client: client(READ_LIMIT)?,
            judge,
            processes: addresses.iter().map(process).collect(),
            watching: TaskTracker::new(),
        })
    }

    /// Begins to watch an edit in each process.
    pub(super) fn watch(&self, edit: Edit) {
        for index in 0..self.processes.len() {
            let (client, judge) = (self.client.clone(), self.judge.clone());
            let processes = Arc::clone(&self.processes);
            self.watching.spawn(async move {
                let Process { address, delays } = &processes[index];
                match watch(&client, address, &judge, edit, PATIENCE).await {
                    Seen::After(delay) => delays.record(delay),
                    Seen::Never => delays.record(PATIENCE),
                }
            });
        }
    }

    /// Waits until no edit is watched any more. Per process: microseconds from an edit's
    /// acknowledgement to the first answer that shows it.
    pub(super) async fn ended(self) -> Vec<(String, Histogram<u64>)> {
        self.watching.close();
        self.watching.wait().await;
        let delays = |it: &Process| (it.address.clone(), it.delays.reading());
        self.processes.iter().map(delays).collect()
    }
}
