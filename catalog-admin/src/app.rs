//! The state that every handler sees, and how the process is wired.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use service_kit::backoff::Backoff;
use service_kit::health::{Condition, Readiness, ops_router};
use service_kit::http::Server;
use service_kit::postgres;
use service_kit::settings::{PoolSettings, PostgresSettings};
use service_kit::shutdown::{Stage, Tasks};
use service_kit::telemetry;
use tokio_util::sync::CancellationToken;

use crate::auth::{Authority, KeySource};
use crate::cleanup::Cleanup;
use crate::epoch::{Beat, WriterWatch};
use crate::import::Imports;
use crate::primary;
use crate::publisher::Publisher;
use crate::router;
use crate::session::Sessions;
use crate::settings::{IdempotencySettings, Settings};
use crate::store::Store;

/// The state that every handler sees. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// The primary.
    pub store: Store,
    /// Who judges tokens.
    pub authority: Arc<Authority>,
    /// How long answers to creations are kept.
    pub idempotency: IdempotencySettings,
    /// Bulk loads.
    pub imports: Imports,
    /// What callers carry from one request to the next.
    pub sessions: Sessions,
}

/// Where the process listens.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// Editors' requests.
    pub http: SocketAddr,
    /// Health and metrics.
    pub ops: SocketAddr,
}

/// Binds the ports and spawns everything that the service is made of.
pub async fn spawn(
    settings: &Settings,
    readiness: &Readiness,
    tasks: &Tasks,
) -> anyhow::Result<Addresses> {
    let metrics = telemetry::metrics();
    telemetry::describe_once(crate::metrics::describe);
    let store = Store::new(&settings.primary)?;
    let app = App {
        imports: Imports::new(store.clone(), settings.import.clone(), tasks.clone()),
        store,
        authority: Arc::new(Authority::new(&settings.auth, KeySource::new(&settings.auth)?)),
        idempotency: settings.idempotency.clone(),
        sessions: Sessions::new(&settings.session),
    };
    spawn_first_contact(&app, readiness.condition("primary"), tasks);
    spawn_key_refresh(&app, readiness.condition("keys"), tasks);
    spawn_history(settings, tasks)?;
    let pool = app.store.pool().clone();
    telemetry::sample(tasks, "gauges", move || postgres::show_usage("primary", &pool));
    let cleanup = Cleanup {
        store: app.store.clone(),
        imports: settings.import.keep,
        answers: settings.idempotency.ttl,
    };
    tasks.spawn(Stage::Consume, "cleanup", |stop| cleanup.run(stop));

    let ops = Server::bind_ops(&settings.ops).await.context("the operations port is not free")?;
    let http = Server::bind(&settings.http).await.context("the HTTP port is not free")?;
    let http = http.leaving_with(readiness.clone());
    let addresses = Addresses { http: http.address(), ops: ops.address() };
    let operations = ops_router(readiness.clone(), metrics.clone(), Router::new());
    let editors = router::build(app, &settings.http);
    tasks.spawn(Stage::Operate, "ops", |stop| ops.serve(operations, stop));
    tasks.spawn(Stage::Operate, "metrics", |stop| async {
        metrics.upkeep(stop).await;
        anyhow::Ok(())
    });
    tasks.spawn(Stage::Serve, "http", |stop| http.serve(editors, stop));
    Ok(addresses)
}

/// The beat, the watch for what holds the horizon back, and the publisher.
fn spawn_history(settings: &Settings, tasks: &Tasks) -> anyhow::Result<()> {
    let beat = Beat::new(&settings.primary, &settings.beat)?;
    tasks.spawn(Stage::Store, "beat", |stop| beat.run(stop));
    // With a connection of its own: it is when editors hold all of theirs that it has much to tell.
    let alone = PoolSettings { size: 1, ..settings.primary.pool.clone() };
    let primary = PostgresSettings { pool: alone, ..settings.primary.clone() };
    let watched = postgres::pool(&primary, "catalog-admin writers")?;
    let watch = WriterWatch::new(watched, settings.writers.clone());
    tasks.spawn(Stage::Consume, "long_writers", |stop| watch.run(stop));
    if settings.publisher.enabled {
        let publisher = Publisher::new(&settings.primary, &settings.kafka, &settings.publisher)?;
        tasks.spawn(Stage::Consume, "publisher", |stop| publisher.run(stop));
    }
    Ok(())
}

/// Ready once the primary has answered; a primary that goes away later is told by 503 and not by
/// taking all admin pods out of service.
fn spawn_first_contact(app: &App, contact: Condition, tasks: &Tasks) {
    let store = app.store.clone();
    tasks.spawn(Stage::Consume, "first_contact", |stop| async move {
        let server = until(&stop, || store.server(), "the primary does not answer yet").await;
        for fault in server.iter().flat_map(primary::faults) {
            tracing::error!("the primary's {fault}");
        }
        contact.met();
        anyhow::Ok(())
    });
}

fn spawn_key_refresh(app: &App, loaded: Condition, tasks: &Tasks) {
    let authority = Arc::clone(&app.authority);
    tasks.spawn(Stage::Consume, "auth_keys", |stop| async move {
        until(&stop, || authority.refresh(), "the keys cannot be read yet").await;
        loaded.met();
        authority.keep_fresh(stop).await;
        anyhow::Ok(())
    });
}

/// Tries until it succeeds; nothing when the process stops before.
async fn until<T, E: std::fmt::Display, F: Future<Output = Result<T, E>>>(
    stop: &CancellationToken,
    mut attempt: impl FnMut() -> F,
    otherwise: &str,
) -> Option<T> {
    let mut backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(5));
    loop {
        match stop.run_until_cancelled(attempt()).await? {
            Ok(done) => return Some(done),
            Err(error) => tracing::warn!(error.message = %error, "{otherwise}"),
        }
        if !backoff.pause(stop).await {
            return None;
        }
    }
}
