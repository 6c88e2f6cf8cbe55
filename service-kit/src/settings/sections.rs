//! The sections that more than one service has.

mod http;
mod kafka;
mod postgres;
mod process;
mod redis;
mod session;
mod traces;

use std::time::Duration;

use super::Invalid;

pub use http::{HttpSettings, OpsSettings};
pub use kafka::KafkaSettings;
pub use postgres::{PoolSettings, PostgresSettings, ReplicaSettings};
pub use process::{LogFormat, LogSettings, ShutdownSettings};
pub use redis::RedisSettings;
pub use session::{SessionSettings, validate_key};
pub use traces::TraceSettings;

fn positive(section: &str, key: &str, value: Duration) -> Result<(), Invalid> {
    if value.is_zero() {
        return Err(Invalid::new(
            format!("{section}.{key}"),
            "is 0: set it to a time such as \"2s\"",
        ));
    }
    Ok(())
}
