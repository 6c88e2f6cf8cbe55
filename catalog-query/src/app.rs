//! What the process is made of, and how it is wired.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::Router;
use service_kit::{
    health::{Condition, Readiness, ops_router},
    http::Server,
    postgres,
    settings::PostgresSettings,
    shutdown::{Failure, Lifecycle, Stage, Tasks},
    telemetry,
};
use tokio::time::timeout;

use crate::{
    cache::{EntryCache, RedisCache, RenderedCache},
    change_traces::ChangeTraces,
    clock::Clock,
    cursor::CursorKey,
    dated::{self, DatedCache},
    debug,
    freshness::{self, Feed, Freshness},
    gauges,
    http::{FastPath, Sessions},
    listing::{Categories, ProductLists},
    metrics,
    read::{self, Background, ReadLimits, Reader},
    router::router,
    settings::Settings,
    store::{Limits, Store},
};

const NAME: &str = "catalog-query";
/// How long a statement waits for its turn.
const TURN: Duration = Duration::from_millis(250);

/// What every request has.
#[derive(Debug, Clone)]
pub struct App {
    /// The use cases.
    pub reader: Arc<Reader>,
    /// Pages of products.
    pub products: Arc<ProductLists>,
    /// Categories.
    pub categories: Arc<Categories>,
    /// What callers carry from one request to the next.
    pub sessions: Sessions,
}

/// A service whose ports are bound and whose tasks run.
#[derive(Debug)]
pub struct Service {
    /// Where it serves callers.
    pub address: SocketAddr,
    /// Where it serves operators.
    pub ops_address: SocketAddr,
    /// By which it can be told to end.
    pub tasks: Tasks,
    lifecycle: Lifecycle,
}

impl Service {
    /// Waits for the end of the process, and ends it in order.
    pub async fn run(self) -> Result<(), Failure> {
        self.lifecycle.run().await
    }
}

/// Binds the ports, connects to nothing yet, and starts every task. It serves whatever stores there
/// are, also none.
pub async fn start(settings: Settings) -> anyhow::Result<Service> {
    let process_metrics = telemetry::metrics();
    telemetry::describe_once(metrics::describe);
    let readiness = Readiness::new();
    let first_poll = readiness.condition("first_poll");
    let warm = readiness.condition("warm");
    let lifecycle = Lifecycle::new(settings.shutdown.clone(), readiness.clone());
    let tasks = lifecycle.tasks();
    let server = Server::bind(&settings.http).await?.leaving_with(readiness.clone());
    let ops = Server::bind_ops(&settings.ops).await?;
    let (address, ops_address) = (server.address(), ops.address());

    let clock = Clock::start();
    let freshness = Arc::new(Freshness::new(settings.freshness.bound));
    let traces = Arc::<ChangeTraces>::default();
    let store = Arc::new(store(&settings)?);
    let feed = feed(&settings, clock, Arc::clone(&traces))?;
    let (app, background) = build(&settings, &freshness, clock, (Arc::clone(&store), traces))?;
    freshness::start(&tasks, Arc::clone(&freshness), feed);
    run_beside(&tasks, &app, background);
    let reader = Arc::clone(&app.reader);
    gauges::start(&tasks, Arc::clone(&reader), store);
    await_first_poll(&tasks, &freshness, first_poll, settings.freshness.ready_without);
    warm_up(&tasks, Arc::clone(&app.reader), warm, settings.freshness.ready_without);

    let service = service(app, &settings);
    tasks.spawn(Stage::Serve, "http", |stop| server.serve(service, stop));
    let ops_routes = ops_router(readiness, process_metrics.clone(), debug::routes(reader));
    tasks.spawn(Stage::Operate, "ops", |stop| ops.serve(ops_routes, stop));
    tasks.spawn(Stage::Operate, "metrics", |stop| async {
        process_metrics.upkeep(stop).await;
        Ok::<_, Infallible>(())
    });
    Ok(Service { address, ops_address, tasks, lifecycle })
}

/// What answers callers.
pub fn service(app: App, settings: &Settings) -> FastPath<Router> {
    let records_traces = !settings.traces.endpoint.is_empty();
    FastPath::new(Arc::clone(&app.reader), records_traces, router(app, &settings.http))
}

/// The use cases over these stores, and what has to run beside them.
pub fn build(
    settings: &Settings,
    freshness: &Arc<Freshness>,
    clock: Clock,
    (store, traces): (Arc<Store>, Arc<ChangeTraces>),
) -> anyhow::Result<(App, Background)> {
    let lists = dated::Parts {
        store: Arc::clone(&store),
        freshness: Arc::clone(freshness),
        clock,
        max_stale: settings.freshness.max_stale,
        deadline: settings.load.wait,
    };
    let redis = RedisCache::new(&settings.redis, settings.cache.redis_life)
        .context("VITRINA_REDIS__URL cannot be used")?;
    let memory = settings.cache.memory_bytes;
    let (reader, background) = Reader::new(read::Parts {
        freshness: Arc::clone(freshness),
        store,
        redis,
        rendered: RenderedCache::new(memory / 16 * 12),
        entries: EntryCache::new(memory / 8),
        clock,
        traces,
        limits: ReadLimits {
            max_stale: settings.freshness.max_stale,
            answer: settings.load.wait,
            load: settings.load.limit,
            waiting: settings.load.waiting,
        },
    });
    let cursors = CursorKey::new(&settings.cursor.key);
    let pages = DatedCache::new(lists.clone(), memory / 64);
    // There is one tree, which is kept whatever it weighs.
    let trees = DatedCache::new(lists, u64::MAX);
    let products = ProductLists::new(Arc::clone(&reader), pages, cursors, memory / 16);
    let categories = Categories::new(Arc::clone(&reader), trees);
    let (products, categories) = (Arc::new(products), Arc::new(categories));
    let sessions = Sessions::new(&settings.session, clock);
    Ok((App { reader, products, categories, sessions }, background))
}

/// The databases. Connects to nothing yet.
pub fn store(settings: &Settings) -> anyhow::Result<Store> {
    let pool = |server: &PostgresSettings| postgres::pool(server, NAME);
    let replicas = settings.replica.each().map(|replica| pool(&replica));
    let replicas = replicas.collect::<Result<Vec<_>, _>>()?;
    let most_at_primary = settings.load.primary_concurrency.min(settings.primary.pool.size);
    let limits = Limits { turn: TURN, statement: settings.load.statement };
    Ok(Store::new(replicas, pool(&settings.primary)?, most_at_primary, limits))
}

fn feed(settings: &Settings, clock: Clock, traces: Arc<ChangeTraces>) -> anyhow::Result<Feed> {
    let config = |server: &PostgresSettings| postgres::config(server, NAME);
    let replicas = settings.replica.each().map(|replica| config(&replica));
    Ok(Feed {
        primary: config(&settings.primary)?,
        replicas: replicas.collect::<Result<_, _>>()?,
        kafka: settings.kafka.clone(),
        recent_limit: settings.freshness.recent_limit,
        clock,
        traces,
    })
}

/// Loads, in the background and for requests that have gone away, end before the stores are closed.
fn run_beside(tasks: &Tasks, app: &App, background: Background) {
    tasks.spawn(Stage::Consume, "loading", |stop| async {
        background.run(stop).await;
        Ok::<_, Infallible>(())
    });
    let app = app.clone();
    tasks.spawn(Stage::Store, "loads", |stop| async move {
        stop.cancelled().await;
        app.reader.drain().await;
        app.products.drain().await;
        app.categories.drain().await;
        Ok::<_, Infallible>(())
    });
}

/// A pod that cannot poll is ready all the same after a while, and says that its answers are stale.
fn await_first_poll(tasks: &Tasks, freshness: &Freshness, ready: Condition, without: Duration) {
    let mut polls = freshness.polls();
    tasks.spawn(Stage::Consume, "first_poll", |stop| async move {
        let first = timeout(without, polls.wait_for(Option::is_some));
        if let Some(polled) = stop.run_until_cancelled(first).await {
            if polled.is_err() {
                tracing::warn!("ready without a poll: answers are stale until one counts");
            }
            ready.met();
        }
        Ok::<_, Infallible>(())
    });
}

/// The first burst of requests finds connections and statements ready; what cannot be had in time
/// is made when it is first used.
fn warm_up(tasks: &Tasks, reader: Arc<Reader>, ready: Condition, limit: Duration) {
    tasks.spawn(Stage::Consume, "warm_up", |stop| async move {
        let warm = timeout(limit, reader.warm());
        if stop.run_until_cancelled(warm).await.is_some() {
            ready.met();
        }
        Ok::<_, Infallible>(())
    });
}
