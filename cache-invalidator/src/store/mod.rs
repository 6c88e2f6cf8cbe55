//! Reads products from the replicas.

mod product_entries;

use std::sync::atomic::{AtomicUsize, Ordering};

use deadpool_postgres::Pool;

pub use product_entries::ProductEntry;

/// The replicas, asked in turn.
#[derive(Debug)]
pub struct Replicas {
    pools: Vec<Pool>,
    next: AtomicUsize,
}

/// Why the replicas gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection could be had.
    #[error("no connection to a replica")]
    Pool(#[from] deadpool_postgres::PoolError),
    /// It took too long.
    #[error("a replica did not answer in time")]
    Timeout,
    /// The statement failed.
    #[error("a replica refused the statement")]
    Statement(#[from] tokio_postgres::Error),
    /// A row was not as the schema promises.
    #[error("a replica gave a number that cannot be read")]
    Number(#[from] std::num::ParseIntError),
}

impl Replicas {
    /// The replicas behind `pools`, of which there is at least one.
    pub fn new(pools: Vec<Pool>) -> Self {
        Self { pools, next: AtomicUsize::new(0) }
    }

    fn pick(&self) -> &Pool {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        &self.pools[turn % self.pools.len()]
    }
}
