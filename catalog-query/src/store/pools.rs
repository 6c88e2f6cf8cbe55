//! Who is asked, how many at once, and who next when one fails.

use std::{
    future::Future,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use deadpool_postgres::{Object, Pool};
use service_kit::breaker::Breaker;
use tokio::{sync::Semaphore, time::timeout};

use super::StoreError;

/// After so many failures in a row a server is left alone for [`REST`].
const FAILURES: u32 = 3;
const REST: Duration = Duration::from_secs(1);
/// A statement that replay has cancelled so often gives up.
const REPLAY_TRIES: usize = 3;

/// Which kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A hot standby.
    Replica,
    /// The server that is written to.
    Primary,
}

/// One statement with its parameters.
pub trait Statement: Sync {
    /// What it gives.
    type Output: Send;

    /// Runs it once on `client`, which is at `place`.
    fn run(
        &self,
        client: &Object,
        place: Place,
    ) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;
}

/// How many statements there may be at once, and how long each may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// On all replicas together.
    pub replicas: usize,
    /// On the primary.
    pub primary: usize,
    /// How long one waits for its turn.
    pub turn: Duration,
    /// How long one may take, once it has a connection.
    pub statement: Duration,
}

/// The servers.
#[derive(Debug)]
pub struct Store {
    replicas: Vec<Server>,
    primary: Server,
    first: AtomicUsize,
    replica_turns: Semaphore,
    primary_turns: Semaphore,
    limits: Limits,
}

#[derive(Debug)]
struct Server {
    pool: Pool,
    breaker: Breaker,
}

impl Server {
    fn new(pool: Pool) -> Self {
        Self { pool, breaker: Breaker::new(FAILURES, REST) }
    }
}

impl Store {
    /// Over pools that connect when they are first used.
    pub fn new(replicas: Vec<Pool>, primary: Pool, limits: Limits) -> Self {
        Self {
            replicas: replicas.into_iter().map(Server::new).collect(),
            primary: Server::new(primary),
            first: AtomicUsize::new(0),
            replica_turns: Semaphore::new(limits.replicas),
            primary_turns: Semaphore::new(limits.primary),
            limits,
        }
    }

    /// Asks a server of this kind; of several replicas another one when the first fails.
    pub async fn ask<S: Statement>(
        &self,
        place: Place,
        statement: &S,
    ) -> Result<S::Output, StoreError> {
        let turns = match place {
            Place::Replica => &self.replica_turns,
            Place::Primary => &self.primary_turns,
        };
        let _turn = timeout(self.limits.turn, turns.acquire())
            .await
            .map_err(|_| StoreError::Busy)?
            .expect("nobody closes this semaphore");
        match place {
            Place::Replica => self.ask_replicas(statement).await,
            Place::Primary => self.ask_server(&self.primary, place, statement).await,
        }
    }

    async fn ask_replicas<S: Statement>(&self, statement: &S) -> Result<S::Output, StoreError> {
        let first = self.first.fetch_add(1, Ordering::Relaxed);
        let mut failure = StoreError::Resting;
        for offset in 0..self.replicas.len() {
            let replica = &self.replicas[(first + offset) % self.replicas.len()];
            match self.ask_server(replica, Place::Replica, statement).await {
                Err(StoreError::Resting) => {}
                Err(error) if error.is_the_servers() => failure = error,
                answered => return answered,
            }
        }
        Err(failure)
    }

    async fn ask_server<S: Statement>(
        &self,
        server: &Server,
        place: Place,
        statement: &S,
    ) -> Result<S::Output, StoreError> {
        let permit = server.breaker.permit(Instant::now()).ok_or(StoreError::Resting)?;
        let answer = run(&server.pool, place, statement, self.limits.statement).await;
        match &answer {
            Err(error) if error.is_the_servers() => permit.failed(Instant::now()),
            _ => permit.succeeded(),
        }
        answer
    }
}

async fn run<S: Statement>(
    pool: &Pool,
    place: Place,
    statement: &S,
    limit: Duration,
) -> Result<S::Output, StoreError> {
    let client = pool.get().await?;
    if let Ok(answer) = timeout(limit, run_again(&client, place, statement)).await {
        return answer;
    }
    // It is still busy with the statement, so nobody else may have it.
    drop(Object::take(client));
    Err(StoreError::Timeout)
}

/// A statement that replay cancelled is run again.
async fn run_again<S: Statement>(
    client: &Object,
    place: Place,
    statement: &S,
) -> Result<S::Output, StoreError> {
    let mut tries = 1;
    loop {
        match statement.run(client, place).await {
            Err(error) if error.is_replay_conflict() && tries < REPLAY_TRIES => tries += 1,
            answered => return answered,
        }
    }
}
