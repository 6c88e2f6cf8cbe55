//! How the invalidator is wired.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use ::metrics::gauge;
use anyhow::Context as _;
use service_kit::{
    health::{Readiness, ops_router},
    http::Server,
    postgres,
    settings::ReplicaSettings,
    shutdown::{Lifecycle, Stage, Tasks},
    telemetry,
};

use crate::{
    audit::{self, AuditQueue, Auditor, Delay, Pods, Tally},
    cache::Cache,
    consume::{Effect, Group, Park, Worker},
    metrics::{self, REFILLS_WAITING},
    refill::{RefillQueue, RefillWorker},
    settings::InvalidatorSettings,
    store::{Primary, Replicas},
};

/// The running invalidator.
#[derive(Debug)]
pub struct App {
    lifecycle: Lifecycle,
    readiness: Readiness,
    ops_address: SocketAddr,
}

impl App {
    /// Wires all parts and starts their tasks.
    pub async fn start(settings: InvalidatorSettings) -> anyhow::Result<Self> {
        let process_metrics = telemetry::metrics();
        telemetry::describe_once(metrics::describe);
        let readiness = Readiness::new();
        let joined = readiness.condition("consumer-group");
        let lifecycle = Lifecycle::new(settings.shutdown.clone(), readiness.clone());
        let tasks = lifecycle.tasks();

        let cache = Cache::new(&settings.redis).context("the Redis address cannot be used")?;
        let queue = start_refills(&tasks, &settings, cache.clone())?;
        let park = Park::new(&settings.kafka).context("the parking producer cannot be made")?;
        let (audits, tally) = start_audit(&tasks, &settings)?;
        let effect = Effect::new(cache, queue, park, audits, settings.consumer.floor_life);
        let group = Group::join(&settings.kafka, &settings.consumer, joined)
            .context("the consumer group cannot be joined")?;
        let worker = Worker::new(group, effect, settings.consumer.batch);
        tasks.spawn(Stage::Consume, "consume", |stop| worker.run(stop));

        let ops = Server::bind_ops(&settings.ops).await.context("the operations port")?;
        let ops_address = ops.address();
        let routes = ops_router(readiness.clone(), process_metrics.clone(), audit::routes(tally));
        tasks.spawn(Stage::Operate, "operations", |stop| ops.serve(routes, stop));
        tasks.spawn(Stage::Operate, "metrics", |stop| async {
            process_metrics.upkeep(stop).await;
            Ok::<_, Infallible>(())
        });
        Ok(Self { lifecycle, readiness, ops_address })
    }

    /// Whether the consumer group has taken it in.
    pub fn readiness(&self) -> &Readiness {
        &self.readiness
    }

    /// Where operations are served.
    pub fn ops_address(&self) -> SocketAddr {
        self.ops_address
    }

    /// By which the process is told to end.
    pub fn tasks(&self) -> Tasks {
        self.lifecycle.tasks()
    }

    /// Waits until the process is told to end, and ends it in order.
    pub async fn run(self) -> anyhow::Result<()> {
        self.lifecycle.run().await.context("the invalidator ended")
    }
}

fn start_refills(
    tasks: &Tasks,
    settings: &InvalidatorSettings,
    cache: Cache,
) -> anyhow::Result<RefillQueue> {
    let (queue, asked) = RefillQueue::new(settings.refill.queue);
    let replicas = Arc::new(replicas(&settings.replica)?);
    show(tasks, queue.clone(), Arc::clone(&replicas));
    let worker =
        RefillWorker::new(cache, replicas, settings.refill.clone(), settings.consumer.floor_life);
    tasks.spawn(Stage::Consume, "refill", |stop| worker.run(asked, stop));
    Ok(queue)
}

fn start_audit(
    tasks: &Tasks,
    settings: &InvalidatorSettings,
) -> anyhow::Result<(AuditQueue, Arc<Tally>)> {
    let pods = Pods::new(settings.audit.pods.clone()).context("pods cannot be asked")?;
    // A connection of its own: changes must not wait behind what is only looked at.
    let cache = Cache::new(&settings.redis).context("the Redis address cannot be used")?;
    let pool = |primary| postgres::pool(primary, "cache-invalidator");
    let primary = settings.primary.as_ref().map(pool).transpose();
    let primary = primary.context("the primary's address cannot be used")?.map(Primary::new);
    let tally = Arc::<Tally>::default();
    let waiting = settings.audit.queue;
    let (queue, noted) = AuditQueue::new(waiting, Delay::OneSecond);
    let auditor = Auditor::new(cache, pods, primary, Arc::clone(&tally));
    tasks.spawn(Stage::Consume, "audit", move |stop| auditor.run(noted, waiting, stop));
    let shown = Arc::clone(&tally);
    telemetry::sample(tasks, "audit_ages", move || shown.show_ages());
    Ok((queue, tally))
}

fn show(tasks: &Tasks, queue: RefillQueue, replicas: Arc<Replicas>) {
    telemetry::sample(tasks, "gauges", move || {
        gauge!(REFILLS_WAITING).set(u32::try_from(queue.waiting()).unwrap_or(u32::MAX));
        replicas.show_usage();
    });
}

fn replicas(settings: &ReplicaSettings) -> anyhow::Result<Replicas> {
    let pools: Result<Vec<_>, _> =
        settings.each().map(|each| postgres::pool(&each, "cache-invalidator")).collect();
    Ok(Replicas::new(pools.context("a replica's address cannot be used")?))
}
