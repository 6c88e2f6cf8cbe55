//! The database's migrations (`migrations/V*.sql`) and how they are applied.
//!
//! Forward only. Each file begins with a line saying why the release before it goes on working
//! while and after it runs; each is one transaction.

mod error;
mod session;

use std::time::Duration;

use tokio_postgres::Config;

pub use error::MigrateError;
use session::Session;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// How long all of it may take, waiting for another migrator included.
const LIMIT: Duration = Duration::from_mins(10);

/// Brings the database at `url` (as libpq writes it, or a `postgresql://` address) up to this
/// release. Gives the names of the migrations that it applied, such as `V1__freshness`: none when
/// there was nothing to do. Several may call it at once; one works, the others wait for it.
///
/// The role must own the database. Where the role `vitrina_query` does not exist yet, it is made,
/// without login, which takes the right to make roles.
pub async fn migrate(url: &str) -> Result<Vec<String>, MigrateError> {
    migrate_with(url.parse().map_err(MigrateError::Address)?).await
}

/// [`migrate`] for a configuration that has been read already.
pub async fn migrate_with(config: Config) -> Result<Vec<String>, MigrateError> {
    tokio::time::timeout(LIMIT, run(config)).await.map_err(|_| MigrateError::TooLong(LIMIT))?
}

async fn run(config: Config) -> Result<Vec<String>, MigrateError> {
    let mut session = Session::open(config).await?;
    session.lock().await?;
    let report = embedded::migrations::runner()
        .run_async(session.client())
        .await
        .map_err(|cause| MigrateError::Migration(Box::new(cause)))?;
    session.close().await;
    Ok(report.applied_migrations().iter().map(ToString::to_string).collect())
}
