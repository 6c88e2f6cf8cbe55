//! The primary: every SQL statement that this service runs, one named function each. Knows neither
//! HTTP nor what is valid.

pub mod category;
pub mod document;
pub mod epoch;
pub mod epoch_writers;
mod error;
pub mod idempotency;
pub mod import;
pub mod lookup;
pub mod mark;
pub mod media;
pub mod membership;
pub mod names;
pub mod price;
pub mod product;
pub mod product_list;
pub mod publisher_rows;
pub mod publisher_slot;
pub mod publisher_stream;
pub mod relation;
pub mod revision;
pub mod rules;
pub mod server;
mod statistics;
pub mod stock;
mod table;
pub mod trace;
mod transaction;
pub mod translation;
pub mod variant;
pub mod version;

use deadpool_postgres::Pool;
use service_kit::postgres::AddressError;
use service_kit::settings::PostgresSettings;

pub use error::StoreError;
pub use table::Table;
pub use transaction::Transaction;

/// The primary. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// A pool of connections that are made when they are needed.
    pub fn new(settings: &PostgresSettings) -> Result<Self, AddressError> {
        Ok(Self { pool: service_kit::postgres::pool(settings, "catalog-admin")? })
    }

    /// Its connections, for statements outside a transaction of [`begin`](Self::begin).
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Begins a transaction at READ COMMITTED, which the triggers of stock require.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        Transaction::begin(self.pool.get().await?).await
    }
}
