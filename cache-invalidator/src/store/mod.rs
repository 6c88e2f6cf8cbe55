//! Reads products from the replicas, and what caches are compared with from the primary.

mod primary;
mod product_entries;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use deadpool_postgres::Pool;
use service_kit::{breaker::Breaker, postgres};

pub use primary::{Primary, PrimaryEntry};
pub use product_entries::ProductEntry;

/// After so many failures in a row a replica is left alone for [`REST`].
const FAILURES: u32 = 3;
const REST: Duration = Duration::from_secs(1);

/// The replicas, asked in turn, and each after the one before it has failed.
#[derive(Debug)]
pub struct Replicas {
    replicas: Vec<Replica>,
    first: AtomicUsize,
}

#[derive(Debug)]
struct Replica {
    pool: Pool,
    breaker: Breaker,
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection could be had.
    #[error("no connection to the database")]
    Pool(#[from] deadpool_postgres::PoolError),
    /// Each has failed just now, and is left alone for a moment.
    #[error("every replica has failed just now")]
    Resting,
    /// It took too long.
    #[error("the database did not answer in time")]
    Timeout,
    /// The statement failed.
    #[error("the database refused the statement")]
    Statement(#[from] tokio_postgres::Error),
    /// A row was not as the schema promises.
    #[error("the database gave a number that cannot be read")]
    Number(#[from] std::num::ParseIntError),
    /// A row names a kind that was not asked for.
    #[error(transparent)]
    Kind(#[from] catalog_core::key::UnknownKind),
}

impl Replicas {
    /// Shows how much of the pools is used now.
    pub fn show_usage(&self) {
        for (number, replica) in self.replicas.iter().enumerate() {
            postgres::show_usage(&format!("replica-{number}"), &replica.pool);
        }
    }

    /// The replicas behind `pools`, of which there is at least one.
    pub fn new(pools: Vec<Pool>) -> Self {
        let replicas = pools
            .into_iter()
            .map(|pool| Replica { pool, breaker: Breaker::new(FAILURES, REST) })
            .collect();
        Self { replicas, first: AtomicUsize::new(0) }
    }

    /// All of them, each time beginning with another.
    fn in_turn(&self) -> impl Iterator<Item = &Replica> {
        let (later, first) = self
            .replicas
            .split_at(self.first.fetch_add(1, Ordering::Relaxed) % self.replicas.len());
        first.iter().chain(later)
    }
}

impl StoreError {
    /// Whether the replica is away or overloaded.
    fn is_the_servers(&self) -> bool {
        match self {
            Self::Pool(_) | Self::Timeout => true,
            Self::Statement(error) => postgres::is_unavailable(error),
            Self::Resting | Self::Number(_) | Self::Kind(_) => false,
        }
    }
}
