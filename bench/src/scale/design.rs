//! How many there are of what processes share.

/// What processes share.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct Design {
    /// Processes for which one relay follows the topic, polls and holds the replicas' connections; 1 is none.
    #[arg(long, default_value_t = Design::GROWN.pods_of_a_relay, value_parser = clap::value_parser!(u32).range(1..))]
    pub pods_of_a_relay: u32,
    /// Redis servers, each with a part of the keys.
    #[arg(long, default_value_t = Design::GROWN.shards, value_parser = clap::value_parser!(u32).range(1..))]
    pub shards: u32,
    /// Bytes of each of them.
    #[arg(long, default_value_t = Design::GROWN.shard_bytes)]
    pub shard_bytes: u64,
    /// Replicas.
    #[arg(long, default_value_t = Design::GROWN.replicas, value_parser = clap::value_parser!(u32).range(1..))]
    pub replicas: u32,
    /// Brokers.
    #[arg(long, default_value_t = Design::GROWN.brokers, value_parser = clap::value_parser!(u32).range(1..))]
    pub brokers: u32,
}

impl Design {
    /// What the services do as they are: each process polls and follows for itself, and Redis is one server.
    pub const TODAY: Self =
        Self { pods_of_a_relay: 1, shards: 1, shard_bytes: 64 << 30, replicas: 2, brokers: 3 };

    /// What carries on: a relay on each node, a Redis Cluster, more replicas.
    pub const GROWN: Self =
        Self { pods_of_a_relay: 20, shards: 64, shard_bytes: 16 << 30, replicas: 16, brokers: 3 };

    /// How many ask the primary and follow the topic.
    pub fn askers(&self, pods: u32) -> u32 {
        pods.div_ceil(self.pods_of_a_relay)
    }

    /// Bytes of all of Redis.
    pub fn redis_bytes(&self) -> u64 {
        self.shard_bytes.saturating_mul(self.shards.into())
    }
}
