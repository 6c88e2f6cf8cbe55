//! What the replica takes to replay a change, with nothing of ours between.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use devstack::Stack;
use tokio::time::{Instant, interval};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use crate::load::{Times, connect};

/// Between two updates.
const EVERY: Duration = Duration::from_millis(100);
/// How long one may take.
const LIMIT: Duration = Duration::from_secs(5);

/// A table of the measurement's own.
pub(super) struct Replay {
    primary: Client,
    replica: Client,
}

impl Replay {
    pub(super) async fn new(stack: &Stack) -> anyhow::Result<Self> {
        let addresses = stack.addresses();
        let primary = connect(&addresses.primary.superuser).await?;
        let sql = "DROP TABLE IF EXISTS bench_replay;
                   CREATE TABLE bench_replay (number bigint NOT NULL);
                   INSERT INTO bench_replay VALUES (0)";
        primary.batch_execute(sql).await.context("cannot make a table")?;
        stack.wait_for_replica().await?;
        Ok(Self { primary, replica: connect(&addresses.replica.superuser).await? })
    }

    /// From an update's acknowledgement until a statement at the replica shows it, again and again until told
    /// to stop.
    pub(super) async fn measure(self, stop: CancellationToken) -> anyhow::Result<Times> {
        let measured = self.updates(&stop).await;
        self.primary.batch_execute("DROP TABLE bench_replay").await?;
        measured
    }

    async fn updates(&self, stop: &CancellationToken) -> anyhow::Result<Times> {
        let update = self.primary.prepare("UPDATE bench_replay SET number = $1").await?;
        let look = self.replica.prepare("SELECT number FROM bench_replay").await?;
        let (times, mut turns, mut number) = (Times::default(), interval(EVERY), 0_i64);
        while stop.run_until_cancelled(turns.tick()).await.is_some() {
            number += 1;
            self.primary.execute(&update, &[&number]).await?;
            let acknowledged = Instant::now();
            while self.replica.query_one(&look, &[]).await?.get::<_, i64>(0) < number {
                ensure!(acknowledged.elapsed() < LIMIT, "the replica does not replay");
            }
            times.record(acknowledged.elapsed());
        }
        Ok(times)
    }
}
