//! A Redis of the measurement's own: nobody else asks it, so that what it counts is what was measured, and it
//! can forget everything without anybody else's loss.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use redis::{AsyncConnectionConfig, Client, aio::MultiplexedConnection};

use super::{
    redis_counts::Counts,
    served::{Served, free_address},
};

/// Enough for every product.
const MEMORY: &str = "4gb";
/// What every key begins with.
pub(super) const PREFIX: &str = "vitrina";
/// To forget everything takes a while.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Redis that runs until this is dropped.
pub(super) struct OwnRedis {
    /// Where it is.
    pub(super) url: String,
    connection: MultiplexedConnection,
    _served: Served,
}

impl OwnRedis {
    /// Starts one that is empty and keeps nothing on disk.
    pub(super) async fn start(folder: &Path) -> anyhow::Result<Self> {
        let address = free_address().await?;
        let mut command = Command::new("redis-server");
        command
            .args(["--port", &address.port().to_string(), "--bind", "127.0.0.1"])
            .args(["--daemonize", "no", "--save", "", "--appendonly", "no"])
            .args(["--maxmemory", MEMORY, "--maxmemory-policy", "allkeys-lru"])
            .arg("--dir")
            .arg(folder);
        let served = Served::start("Redis", &command, address, &folder.join("redis.log")).await?;
        let url = format!("redis://{address}");
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(PATIENCE));
        let client = Client::open(url.as_str())?;
        let connecting = client.get_multiplexed_async_connection_with_config(&config);
        let connection = Box::pin(connecting).await?;
        Ok(Self { url, connection, _served: served })
    }

    /// The settings by which a catalog-query uses it.
    pub(super) fn settings(&self) -> [(&str, &str); 2] {
        [("VITRINA_REDIS__URL", self.url.as_str()), ("VITRINA_REDIS__KEY_PREFIX", PREFIX)]
    }

    /// What it has counted.
    pub(super) async fn counts(&self) -> anyhow::Result<Counts> {
        let mut connection = self.connection.clone();
        let mut asked = redis::cmd("INFO");
        asked.arg("stats").arg("commandstats");
        let info: String = asked.query_async(&mut connection).await?;
        Counts::of(&info)
    }

    /// How many bytes it has under `key`; 0 for nothing.
    pub(super) async fn length(&self, key: &str) -> anyhow::Result<usize> {
        let mut connection = self.connection.clone();
        Ok(redis::cmd("STRLEN").arg(key).query_async(&mut connection).await?)
    }

    /// Has it forget everything; gives how long that took it.
    pub(super) async fn flush(&self) -> anyhow::Result<Duration> {
        let mut connection = self.connection.clone();
        let begun = Instant::now();
        redis::cmd("FLUSHALL").exec_async(&mut connection).await?;
        Ok(begun.elapsed())
    }
}
