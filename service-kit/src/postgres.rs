//! Connections to PostgreSQL, and what its errors mean.

mod failure;
mod in_use;
mod usage;

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use secrecy::ExposeSecret as _;
use tokio_postgres::{Config, NoTls};

use crate::settings::PostgresSettings;

pub use failure::{
    is_canceled, is_serialization_failure, is_unavailable, is_unique_violation,
    pool_is_unavailable, violated_constraint,
};
pub use in_use::InUse;
pub use usage::{describe, show_usage};

/// A silent connection is probed after this long, and given up after as many probes.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(3);
const KEEPALIVE_RETRIES: u32 = 3;

/// The address cannot be read. It is not repeated, as it holds a password.
#[derive(Debug, thiserror::Error)]
#[error("the PostgreSQL address cannot be read: {0}")]
pub struct AddressError(#[from] tokio_postgres::Error);

/// A pool that connects when it is first used. Every wait on it is bounded; sessions are UTC, have
/// the statement timeout, and bear `application_name`. Connections that have died are replaced
/// at their next use.
///
/// With several hosts in the address, each new connection goes to the first that answers and has
/// the `target_session_attrs` that the address asks for.
pub fn pool(settings: &PostgresSettings, application_name: &str) -> Result<Pool, AddressError> {
    let manager = Manager::from_config(
        config(settings, application_name)?,
        NoTls,
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    let limits = &settings.pool;
    let pool = Pool::builder(manager)
        .max_size(limits.size)
        .timeouts(Timeouts {
            wait: Some(limits.wait_timeout),
            create: Some(limits.connect_timeout),
            recycle: Some(limits.connect_timeout),
        })
        .runtime(Runtime::Tokio1)
        .build()
        .expect("a runtime is given, the only thing that timeouts need");
    Ok(pool)
}

/// The configuration of [`pool`]'s connections, for a connection that stands alone.
pub fn config(settings: &PostgresSettings, application_name: &str) -> Result<Config, AddressError> {
    let limits = &settings.pool;
    let mut config: Config = settings.url.expose_secret().parse()?;
    let options = format!(
        "{} -c statement_timeout={} -c timezone=UTC",
        config.get_options().unwrap_or_default(),
        limits.statement_timeout.as_millis()
    );
    config
        .options(options.trim_start())
        .application_name(application_name)
        .connect_timeout(limits.connect_timeout)
        .tcp_user_timeout(limits.tcp_user_timeout)
        .keepalives(true)
        .keepalives_idle(KEEPALIVE_IDLE)
        .keepalives_interval(KEEPALIVE_INTERVAL)
        .keepalives_retries(KEEPALIVE_RETRIES);
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> PostgresSettings {
        PostgresSettings {
            url: url.to_owned().into(),
            pool: crate::settings::PoolSettings::default(),
        }
    }

    #[test]
    fn sessions_are_utc_and_limited_and_keep_the_options_of_the_address() {
        let settings = settings("postgresql://u:p@a:1,b:2/d?options=-c%20work_mem%3D8MB");
        let config = config(&settings, "catalog-query").expect("well formed");
        assert_eq!(
            config.get_options(),
            Some("-c work_mem=8MB -c statement_timeout=10000 -c timezone=UTC")
        );
        assert_eq!(config.get_hosts().len(), 2);
        assert_eq!(config.get_application_name(), Some("catalog-query"));
        assert_eq!(config.get_connect_timeout(), Some(&settings.pool.connect_timeout));
    }

    #[test]
    fn a_bad_address_is_told_without_its_password() {
        let settings = settings("postgresql://u:hunter2@host:port/d");
        let error = pool(&settings, "x").expect_err("the port is no number");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
