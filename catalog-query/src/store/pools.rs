//! Who is asked, how many at once, and who next when one fails.

use std::{
    cmp::Reverse,
    future::Future,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use deadpool_postgres::{Object, Pool};
use futures::future::join_all;
use rand::RngExt as _;
use service_kit::{
    breaker::Breaker,
    postgres::{InUse, show_usage},
};
use smallvec::SmallVec;
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::StoreError;

/// After so many failures in a row, one after another, a server is left alone for [`REST`].
const FAILURES: u32 = 2;
const REST: Duration = Duration::from_secs(1);
/// A statement that replay has cancelled so often gives up.
const REPLAY_TRIES: usize = 3;
const REPLAY_PAUSE: Duration = Duration::from_millis(10);

/// Which kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A hot standby.
    Replica,
    /// The server that is written to.
    Primary,
}

/// What a statement is for. Each class has turns of its own, so that slow lists cannot keep products
/// from being loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Loads entries by their keys.
    Entries,
    /// Walks along an index for as long as it must.
    Lists,
}

/// One statement with its parameters.
pub trait Statement: Sync {
    /// What it gives.
    type Output: Send;

    /// What it is for.
    const CLASS: Class;

    /// Runs it once on `client`, which is at `place`.
    fn run(
        &self,
        client: &Object,
        place: Place,
    ) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;
}

/// How long statements may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
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
    limits: Limits,
}

/// A server's connections, shared out among the classes.
#[derive(Debug)]
struct Server {
    pool: Pool,
    breaker: Breaker,
    entries: Semaphore,
    lists: Semaphore,
}

impl Server {
    /// With so many statements at once, at least one of each class.
    fn new(pool: Pool, most: usize) -> Self {
        let lists = (most * 3 / 8).max(1);
        Self {
            pool,
            breaker: Breaker::new(FAILURES, REST),
            entries: Semaphore::new(most.saturating_sub(lists).max(1)),
            lists: Semaphore::new(lists),
        }
    }

    const fn turns(&self, class: Class) -> &Semaphore {
        match class {
            Class::Entries => &self.entries,
            Class::Lists => &self.lists,
        }
    }
}

impl Store {
    /// Over pools that connect when they are first used. At the primary `most_at_primary` statements
    /// run at once, at a replica as many as its pool has connections.
    pub fn new(replicas: Vec<Pool>, primary: Pool, most_at_primary: usize, limits: Limits) -> Self {
        let replica = |pool: Pool| {
            let most = pool.status().max_size;
            Server::new(pool, most)
        };
        Self {
            replicas: replicas.into_iter().map(replica).collect(),
            primary: Server::new(primary, most_at_primary),
            first: AtomicUsize::new(0),
            limits,
        }
    }

    /// How many statements that load entries all replicas together answer at once.
    pub fn replica_turns(&self) -> usize {
        let turns: usize = self.replicas.iter().map(|it| it.entries.available_permits()).sum();
        turns.max(1)
    }

    /// Asks a server of this kind; of several replicas another one when the first fails.
    pub async fn ask<S: Statement>(
        &self,
        place: Place,
        statement: &S,
    ) -> Result<S::Output, StoreError> {
        match place {
            Place::Replica => self.ask_replicas(statement).await,
            Place::Primary => self.ask_server(&self.primary, place, statement).await,
        }
    }

    /// The one with most turns to spare first; in turn, where several have as many.
    async fn ask_replicas<S: Statement>(&self, statement: &S) -> Result<S::Output, StoreError> {
        let (count, first) = (self.replicas.len(), self.first.fetch_add(1, Ordering::Relaxed));
        let mut order: SmallVec<[&Server; 4]> =
            (0..count).map(|offset| &self.replicas[(first + offset) % count]).collect();
        order.sort_by_key(|it| Reverse(it.turns(S::CLASS).available_permits()));
        let mut failure = StoreError::Resting;
        for replica in order {
            match self.ask_server(replica, Place::Replica, statement).await {
                Err(StoreError::Resting) => {}
                Err(error) if error.another_may_do_better(S::CLASS) => failure = error,
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
        let _turn = timeout(self.limits.turn, server.turns(S::CLASS).acquire())
            .await
            .map_err(|_| StoreError::Busy)?
            .expect("nobody closes this semaphore");
        let answer = run(&server.pool, place, statement, self.limits.statement).await;
        match &answer {
            Err(StoreError::Busy) => {}
            Err(error) if error.is_the_servers(S::CLASS) => permit.failed(Instant::now()),
            _ => permit.succeeded(),
        }
        answer
    }

    /// Asks every replica; `None` of those that fail.
    pub async fn ask_each_replica<S: Statement>(&self, statement: &S) -> Vec<Option<S::Output>> {
        let asked = self.replicas.iter().map(|replica| async {
            self.ask_server(replica, Place::Replica, statement).await.ok()
        });
        join_all(asked).await
    }

    /// Shows how much of the pools is used now.
    pub fn show_usage(&self) {
        for (number, replica) in self.replicas.iter().enumerate() {
            show_usage(&format!("replica-{number}"), &replica.pool);
        }
        show_usage("primary", &self.primary.pool);
    }

    /// Connects to the replicas, and prepares the statement on every connection.
    pub async fn warm<S: Statement>(&self, statement: &S) {
        let servers = self.replicas.iter().map(|replica| async {
            let most = replica.pool.status().max_size;
            let connections = join_all((0..most).map(|_| replica.pool.get())).await;
            let prepared = connections.into_iter().flatten().map(|client| async {
                let client = InUse::new(client);
                if statement.run(&client, Place::Replica).await.is_ok() {
                    client.finish();
                }
            });
            join_all(prepared).await;
        });
        join_all(servers).await;
    }
}

async fn run<S: Statement>(
    pool: &Pool,
    place: Place,
    statement: &S,
    limit: Duration,
) -> Result<S::Output, StoreError> {
    let client = InUse::new(pool.get().await?);
    let answer = timeout(limit, run_again(&client, place, statement)).await;
    let answer = answer.map_err(|_| StoreError::Timeout)?;
    client.finish();
    answer
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
            Err(error) if error.is_replay_conflict() && tries < REPLAY_TRIES => {
                tries += 1;
                let pause = REPLAY_PAUSE.mul_f64(rand::rng().random_range(0.5..1.5));
                sleep(pause).await;
            }
            answered => return answered,
        }
    }
}
