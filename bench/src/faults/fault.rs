//! What fails.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use devstack::{Component, Process, Stack};
use tokio::time::timeout;
use tokio_postgres::NoTls;

use crate::load::Way;

use Component::{Admin, Invalidator, Kafka, Primary, QueryOne, Redis, Replica};
use Failure::{ClockStepped, Flushed, Killed, ReplayPaused, Still};

/// Replay may end a statement on a replica; then it is sent again, for at most so long.
const REPLICA_LIMIT: Duration = Duration::from_secs(10);

/// Of an hour, in seconds.
const QUARTER: i64 = 15 * 60;

const BOTH: &[Way] = &[Way::Admin, Way::Psql];
const PSQL: &[Way] = &[Way::Psql];
const NONE: &[Way] = &[];

/// One thing that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// A part is killed, and started again in the end.
    Killed(Component),
    /// A part stands still: its connections stay open, and nothing answers.
    Still(Component),
    /// The replica receives, and replays nothing.
    ReplayPaused,
    /// Redis forgets everything.
    Flushed,
    /// A part's wall clock steps so many seconds ahead, or back, and steps again in the end. The stack's
    /// clocks can be set.
    ClockStepped(Component, i64),
}

/// What fails at once, and what goes on all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Its name in the report.
    pub name: &'static str,
    /// In the order in which they end.
    pub failures: &'static [Failure],
    /// The ways of editing that go on.
    pub leaves: &'static [Way],
}

impl Fault {
    /// Each part killed, alone.
    pub const KILLS: &'static [Self] = &[
        Self::new("Redis killed", &[Killed(Redis)], BOTH),
        Self::new("Kafka killed", &[Killed(Kafka)], BOTH),
        Self::new("replica killed", &[Killed(Replica)], BOTH),
        Self::new("primary killed", &[Killed(Primary)], NONE),
        Self::new("invalidator killed", &[Killed(Invalidator)], BOTH),
        Self::new("admin killed", &[Killed(Admin)], PSQL),
    ];
    /// What else can happen to one part.
    pub const MORE: &'static [Self] = &[
        Self::new("Redis flushed", &[Flushed], BOTH),
        Self::new("Redis still", &[Still(Redis)], BOTH),
        Self::new("Kafka still", &[Still(Kafka)], BOTH),
        Self::new("replay paused", &[ReplayPaused], BOTH),
        Self::new("replica still", &[Still(Replica)], BOTH),
        Self::new("primary still", &[Still(Primary)], NONE),
        Self::new("admin still", &[Still(Admin)], PSQL),
    ];
    /// Two at once, and everything but the readers.
    pub const PAIRS: &'static [Self] = &[
        Self::new("Redis and Kafka killed", &[Killed(Redis), Killed(Kafka)], BOTH),
        Self::new("Redis and replica killed", &[Killed(Replica), Killed(Redis)], BOTH),
        Self::new("Redis and primary killed", &[Killed(Primary), Killed(Redis)], NONE),
        Self::new("Redis killed, replay paused", &[Killed(Redis), ReplayPaused], BOTH),
        Self::new("Redis flushed, replay paused", &[Flushed, ReplayPaused], BOTH),
        Self::new("Kafka and replica killed", &[Killed(Replica), Killed(Kafka)], BOTH),
        Self::new("Kafka and primary killed", &[Killed(Primary), Killed(Kafka)], NONE),
        Self::new("Kafka killed, replay paused", &[Killed(Kafka), ReplayPaused], BOTH),
        Self::new("replica and primary killed", &[Killed(Primary), Killed(Replica)], NONE),
        Self::new("admin and replica killed", &[Killed(Replica), Killed(Admin)], PSQL),
        Self::new("invalidator and Redis killed", &[Killed(Redis), Killed(Invalidator)], BOTH),
        Self::new("primary and replica still", &[Still(Primary), Still(Replica)], NONE),
        Self::new(
            "everything but the readers killed",
            &[
                Killed(Primary),
                Killed(Replica),
                Killed(Redis),
                Killed(Kafka),
                Killed(Admin),
                Killed(Invalidator),
            ],
            NONE,
        ),
    ];

    /// Wall clocks that are a quarter of an hour off, of a reader and of the primary.
    pub const CLOCKS: &'static [Self] = &[
        Self::new("reader's clock ahead", &[ClockStepped(QueryOne, QUARTER)], BOTH),
        Self::new("reader's clock behind", &[ClockStepped(QueryOne, -QUARTER)], BOTH),
        Self::new("primary's clock ahead", &[ClockStepped(Primary, QUARTER)], BOTH),
        Self::new("primary's clock behind", &[ClockStepped(Primary, -QUARTER)], BOTH),
    ];

    const fn new(name: &'static str, failures: &'static [Failure], leaves: &'static [Way]) -> Self {
        Self { name, failures, leaves }
    }

    /// Has all of it happen.
    pub(super) async fn begin(&self, stack: &Stack) -> anyhow::Result<()> {
        for failure in self.failures {
            failure.begin(stack).await?;
        }
        Ok(())
    }

    /// Ends all of it.
    pub(super) async fn end(&self, stack: &Stack) -> anyhow::Result<()> {
        for failure in self.failures {
            failure.end(stack).await?;
        }
        Ok(())
    }
}

impl Failure {
    /// Has it happen.
    pub async fn begin(self, stack: &Stack) -> anyhow::Result<()> {
        match self {
            Killed(component) => {
                ensure!(runs(stack, component), "{component} did not run");
                stack.kill(component).await;
            }
            Still(component) => {
                ensure!(runs(stack, component), "{component} did not run");
                stack.pause(component).await;
            }
            ReplayPaused => on_replica(stack, "SELECT pg_wal_replay_pause()").await?,
            Flushed => stack.flush_redis().await?,
            ClockStepped(component, ahead) => stack.set_wall_clock(component, ahead)?,
        }
        Ok(())
    }

    /// Ends it; a part that was killed is ready again.
    pub async fn end(self, stack: &Stack) -> anyhow::Result<()> {
        match self {
            Killed(component) => {
                ensure!(!runs(stack, component), "somebody else started {component} again");
                stack.start(component).await?;
            }
            Still(component) => stack.resume(component),
            ReplayPaused => on_replica(stack, "SELECT pg_wal_replay_resume()").await?,
            Flushed => {}
            ClockStepped(component, _) => stack.set_wall_clock(component, 0)?,
        }
        Ok(())
    }
}

fn runs(stack: &Stack, component: Component) -> bool {
    stack.process(component).is_some_and(Process::is_alive)
}

async fn on_replica(stack: &Stack, sql: &str) -> anyhow::Result<()> {
    let url = stack.addresses().replica.superuser;
    let (replica, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    let done = async { while replica.batch_execute(sql).await.is_err() {} };
    timeout(REPLICA_LIMIT, done).await.with_context(|| format!("the replica does not {sql}"))
}
