//! What products take in Redis, in the layout in which catalog-query keeps them.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Context as _, ensure};
use catalog_core::{
    contract::redis_entry::{Body, Keys},
    freshness::{Epoch, Version, Xid},
    key::EntityKey,
};
use devstack::Stack;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use redis::{AsyncConnectionConfig, Client, aio::MultiplexedConnection};
use uuid::Uuid;

use super::{
    Plan,
    documents::{Documents, Form, mean_size},
};
use crate::{
    report::as_figure,
    speed::served::{Served, free_address},
};

/// As the services' keys begin.
const PREFIX: &str = "vitrina";
/// So many are sent together.
const TOGETHER: usize = 1_000;
/// As long as catalog-query has Redis keep them, in milliseconds.
const LIFE: u64 = 3_600_000;
/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(30);

/// What one form takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    pub(super) form: Form,
    /// Bytes of a document in that form,
    pub(super) document: f64,
    /// and of a product in Redis, all that belongs to it included.
    pub(super) product: f64,
}

/// Fills a Redis of the measurement's own with each form.
pub(super) async fn measure(
    stack: &Stack,
    plan: &Plan,
    folder: &Path,
) -> anyhow::Result<Vec<Kept>> {
    let url = stack.addresses().primary.admin;
    let documents = Documents::load(&url, plan.document).await?;
    let mut kept = Vec::new();
    for form in [Form::Plain, Form::Compressed, Form::ByDictionary] {
        let documents = documents.kept_as(form)?;
        // Another process each time: one that has had more keeps some of it.
        let (_server, mut connection) = start(folder).await?;
        let before = used(&mut connection).await?;
        fill(&mut connection, plan, &documents).await?;
        let taken = used(&mut connection).await?.saturating_sub(before);
        let product = as_figure(taken) / as_figure(plan.in_redis as u64);
        kept.push(Kept { form, document: mean_size(&documents), product });
    }
    Ok(kept)
}

async fn start(folder: &Path) -> anyhow::Result<(Served, MultiplexedConnection)> {
    let address = free_address().await?;
    let mut command = Command::new("redis-server");
    command
        .args(["--port", &address.port().to_string(), "--bind", &address.ip().to_string()])
        .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
        .arg("--dir")
        .arg(folder);
    let log = folder.join("redis.log");
    let server = Served::start("redis-server", &command, address, &log).await?;
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(LIMIT));
    let client = Client::open(format!("redis://{address}"))?;
    let connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    Ok((server, connection))
}

async fn fill(
    connection: &mut MultiplexedConnection,
    plan: &Plan,
    documents: &[Vec<u8>],
) -> anyhow::Result<()> {
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let mut documents = documents.iter().cycle();
    let mut left = plan.in_redis;
    while left > 0 {
        let together = left.min(TOGETHER);
        let mut pipeline = redis::pipe();
        for document in documents.by_ref().take(together) {
            let key = EntityKey::product(Uuid::from_u128(random.random()));
            let body = Body {
                epoch: Epoch(1_763_800_000_000_123),
                version: Version(7),
                xid: Xid(1_000),
                horizon: Xid(2_000),
                document: Some(document),
            };
            let (key, body) = (Keys::new(PREFIX, &key).body, body.encode());
            pipeline.cmd("SET").arg(key).arg(body).arg("PX").arg(LIFE).ignore();
        }
        pipeline.query_async::<()>(connection).await.context("filling Redis")?;
        left -= together;
    }
    let entries: usize = redis::cmd("DBSIZE").query_async(connection).await?;
    ensure!(entries == plan.in_redis, "Redis has {entries} entries of {}", plan.in_redis);
    Ok(())
}

async fn used(connection: &mut MultiplexedConnection) -> anyhow::Result<u64> {
    let info: String = redis::cmd("INFO").arg("memory").query_async(connection).await?;
    used_memory(&info).context("Redis does not say how much memory it uses")
}

fn used_memory(info: &str) -> Option<u64> {
    info.lines().find_map(|line| line.strip_prefix("used_memory:"))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_redis_uses_is_read_from_what_it_tells() {
        let info = "# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\n";
        assert_eq!(used_memory(info), Some(1_048_576));
        assert_eq!(used_memory("# Memory\r\n"), None);
    }
}
