//! How many statements run at the replica at once.

use std::time::Duration;

use anyhow::Context as _;
use devstack::Stack;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_postgres::{Client, NoTls};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// All catalog-query processes together. The others of the stack have nothing to do meanwhile but to look every
/// few seconds how far the replica is; such a look can only make the count greater.
const RUNNING: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'catalog-query' AND state = 'active'";

/// A connection to the replica that looks at the others.
pub(super) struct Statements(Client);

impl Statements {
    pub(super) async fn connect(stack: &Stack) -> anyhow::Result<Self> {
        let url = stack.addresses().replica.superuser;
        let connected = tokio_postgres::connect(&url, NoTls).await;
        let (client, connection) = connected.context("cannot reach the replica")?;
        tokio::spawn(connection);
        Ok(Self(client))
    }

    /// The most that ran at once, of all looks within so long.
    pub(super) async fn most_within(&self, time: Duration) -> anyhow::Result<u64> {
        let running = self.0.prepare(RUNNING).await?;
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (end, mut most) = (Instant::now() + time, 0);
        while looks.tick().await < end {
            let now: i64 = self.0.query_one(&running, &[]).await?.get(0);
            most = most.max(now);
        }
        Ok(u64::try_from(most)?)
    }
}
