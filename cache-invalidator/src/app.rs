//! How the invalidator is wired.

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use service_kit::{
    health::{Readiness, ops_router},
    http::Server,
    postgres,
    settings::ReplicaSettings,
    shutdown::{Lifecycle, Stage},
    telemetry,
};

use crate::{
    cache::Cache,
    consume::{Effect, Group, Park, Worker},
    refill::{RefillQueue, RefillWorker},
    settings::InvalidatorSettings,
    store::Replicas,
};

/// Builds the invalidator and runs it until the process is told to end.
pub async fn run(settings: InvalidatorSettings) -> anyhow::Result<()> {
    let metrics = telemetry::metrics();
    let readiness = Readiness::new();
    let joined = readiness.condition("consumer-group");
    let lifecycle = Lifecycle::new(settings.shutdown.clone(), readiness.clone());
    let tasks = lifecycle.tasks();

    let cache = Cache::new(&settings.redis).context("the Redis address cannot be used")?;
    let replicas = Arc::new(replicas(&settings.replica)?);
    let (queue, asked) = RefillQueue::new(settings.refill.queue);
    let floor_life = settings.consumer.floor_life;
    let refiller = RefillWorker::new(cache.clone(), replicas, settings.refill.clone(), floor_life);

    let park = Park::new(&settings.kafka).context("the parking producer cannot be made")?;
    let group = Group::join(&settings.kafka, &settings.consumer, joined)
        .context("the consumer group cannot be joined")?;
    let effect = Effect::new(cache, queue, park, floor_life);
    let worker = Worker::new(group, effect, settings.consumer.batch);

    let ops = Server::bind_ops(&settings.ops).await.context("the operations port")?;
    let routes = ops_router(readiness, metrics.clone(), Router::new());
    tasks.spawn(Stage::Operate, "operations", |stop| ops.serve(routes, stop));
    tasks.spawn(Stage::Operate, "metrics", |stop| async {
        metrics.upkeep(stop).await;
        Ok::<_, std::convert::Infallible>(())
    });
    tasks.spawn(Stage::Consume, "consume", |stop| worker.run(stop));
    tasks.spawn(Stage::Consume, "refill", |stop| refiller.run(asked, stop));
    lifecycle.run().await.context("the invalidator ended")
}

fn replicas(settings: &ReplicaSettings) -> anyhow::Result<Replicas> {
    let pools: Result<Vec<_>, _> =
        settings.each().map(|each| postgres::pool(&each, "cache-invalidator")).collect();
    Ok(Replicas::new(pools.context("a replica's address cannot be used")?))
}
