//! Settings: `VITRINA_…` environment variables over an optional TOML file over defaults.
//!
//! A setting is `section.key` in the file that `VITRINA_CONFIG` names, and
//! `VITRINA_SECTION__KEY` in the environment. Lists are comma separated there.
//! Every setting stands in a section, so variables without `__` are not settings (Kubernetes puts
//! such ones, `VITRINA_QUERY_PORT=tcp://…`, into every pod).

mod error;
mod list;
mod loader;
mod sections;

pub use error::{EXIT_CODE, Invalid, SettingsError};
pub use list::comma_separated;
pub use loader::{Settings, load, load_from};
pub use sections::{
    HttpSettings, KafkaSettings, LogFormat, LogSettings, OpsSettings, PoolSettings,
    PostgresSettings, RedisSettings, ReplicaSettings, SessionSettings, ShutdownSettings,
    TraceSettings, validate_key,
};
