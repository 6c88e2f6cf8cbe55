//! What one test has to itself in a stack that it shares.

use std::path::PathBuf;
use std::sync::Once;

use crate::addresses::{Addresses, DatabaseUrls};
use crate::lifecycle::TEMPLATE;
use crate::postgres;
use crate::process::Process;
use crate::state::State;
use crate::{Result, Stack, create_topic, replication, secret};

/// All databases of tests begin so; the test's process id follows.
const PREFIX: &str = "test_";

/// A fresh, migrated database on primary and replica, and names in Kafka and Redis, that nobody
/// else uses.
#[derive(Debug, Clone)]
pub struct Isolated {
    /// The name that the others are made from.
    pub name: String,
    /// The database on the primary.
    pub primary: DatabaseUrls,
    /// The same database on the replica, which has it already.
    pub replica: DatabaseUrls,
    /// Kafka's bootstrap servers.
    pub kafka_brokers: String,
    /// Goes before the name of every topic. No topic has been made yet.
    pub topic_prefix: String,
    /// A consumer group.
    pub group: String,
    /// Redis.
    pub redis_url: String,
    /// Goes before every key.
    pub redis_prefix: String,
    /// A logical replication slot, not made yet.
    pub slot: String,
    /// The public half of the development key.
    pub jwks: PathBuf,
    /// The development key, for signing tokens.
    pub signing_key: PathBuf,
    /// A key for signing cursors.
    pub cursor_key: String,
    /// The secret that seals sessions' tokens.
    pub session_key: String,
}

impl Isolated {
    pub(super) async fn create(stack: &Stack) -> Result<Self> {
        let state = stack.state();
        sweep_once(&state);
        let primary = state.superuser(state.ports.primary);
        let name = format!("{PREFIX}{}_{}", std::process::id(), secret::name(8));
        let position = postgres::clone_database(&primary, TEMPLATE, &name).await?;
        replication::wait_for(&state, position).await?;
        Ok(Self::named(name, &state))
    }

    /// Makes a topic under this test's prefix.
    pub async fn create_topic(&self, name: &str, partitions: i32) -> Result<()> {
        let topic = format!("{}{name}", self.topic_prefix);
        create_topic(&self.kafka_brokers, &topic, partitions).await
    }

    fn named(name: String, state: &State) -> Self {
        let addresses = Addresses::of(state);
        Self {
            primary: DatabaseUrls::of(state, state.ports.primary, &name),
            replica: DatabaseUrls::of(state, state.ports.replica, &name),
            kafka_brokers: addresses.kafka,
            topic_prefix: format!("{name}."),
            group: name.clone(),
            redis_url: addresses.redis,
            redis_prefix: name.clone(),
            slot: name.clone(),
            jwks: addresses.jwks,
            signing_key: addresses.signing_key,
            cursor_key: state.secrets.cursor_key.clone(),
            session_key: state.secrets.session_key.clone(),
            name,
        }
    }
}

/// Once in each process, removes in the background what processes left that have ended: their
/// slots would hold the server's log, and there are only so many.
fn sweep_once(state: &State) {
    static SWEPT: Once = Once::new();
    let primary = state.superuser(state.ports.primary);
    SWEPT.call_once(|| {
        tokio::spawn(async move {
            // Only tidying: a sweep that fails is made good by the next process's.
            let _ = postgres::remove_leftovers(&primary, PREFIX, |name| !owner_lives(name)).await;
        });
    });
}

fn owner_lives(database: &str) -> bool {
    database
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.split('_').next())
        .and_then(|pid| pid.parse().ok())
        .and_then(Process::of_pid)
        .is_some_and(Process::is_alive)
}
