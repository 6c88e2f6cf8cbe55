//! What the use cases have in common: caches, the loader, and the loads under way.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::sync::{Semaphore, mpsc};
use tokio_util::task::TaskTracker;

use super::{
    ReadError, Refresher, assembled::Assembled, flights::Flights, loader::Loader,
    old_slugs::OldSlugs, refresh::Job,
};
use crate::{
    cache::{Entry, EntryCache, RedisCache, RenderedCache},
    clock::Clock,
    freshness::Freshness,
    metrics::ReadMetrics,
    store::Store,
};

/// Entries that wait to be loaded again; those beyond wait for their next reader.
const REFRESH_QUEUE: usize = 8192;

/// How long things may take, and how many there may be at once.
#[derive(Debug, Clone, Copy)]
pub struct ReadLimits {
    /// For how long after it was last known to be good an entry may be answered, labelled.
    pub max_stale: Duration,
    /// How long a caller waits for a load.
    pub answer: Duration,
    /// How long a load may take.
    pub load: Duration,
    /// How many loads there may be at once.
    pub loads: usize,
}

/// What a reader is made of.
#[derive(Debug)]
pub struct Parts {
    /// Proves.
    pub freshness: Arc<Freshness>,
    /// Replicas and the primary.
    pub store: Arc<Store>,
    /// Redis.
    pub redis: RedisCache,
    /// Rendered products in memory.
    pub rendered: RenderedCache,
    /// Small entries in memory.
    pub entries: EntryCache,
    /// The process's clock.
    pub clock: Clock,
    /// Limits.
    pub limits: ReadLimits,
}

/// The use cases.
#[derive(Debug)]
pub struct Reader {
    pub(super) freshness: Arc<Freshness>,
    pub(super) rendered: RenderedCache,
    pub(super) entries: Arc<EntryCache>,
    pub(super) old_slugs: OldSlugs,
    pub(super) loader: Loader,
    pub(super) clock: Clock,
    pub(super) limits: ReadLimits,
    pub(super) metrics: ReadMetrics,
    pub(super) products: Arc<Flights<Result<Arc<Assembled>, ReadError>>>,
    pub(super) others: Arc<Flights<Result<Arc<Entry>, ReadError>>>,
    pub(super) refresh: mpsc::Sender<Job>,
    loads: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Reader {
    /// The reader, and what has to run beside it.
    pub fn new(parts: Parts) -> (Arc<Self>, Refresher) {
        let Parts { freshness, store, redis, rendered, entries, clock, limits } = parts;
        let (refresh, jobs) = mpsc::channel(REFRESH_QUEUE);
        let entries = Arc::new(entries);
        let reader = Arc::new(Self {
            old_slugs: OldSlugs::new(Arc::clone(&freshness), Arc::clone(&store), clock),
            loader: Loader::new(Arc::clone(&freshness), store, redis, Arc::clone(&entries), clock),
            freshness,
            rendered,
            entries,
            clock,
            limits,
            metrics: ReadMetrics::resolve(),
            products: Flights::new(),
            others: Flights::new(),
            refresh,
            loads: Arc::new(Semaphore::new(limits.loads)),
            tasks: TaskTracker::new(),
        });
        let refresher = Refresher::new(Arc::clone(&reader), jobs);
        (reader, refresher)
    }

    /// What proves the entries.
    pub fn freshness(&self) -> &Arc<Freshness> {
        &self.freshness
    }

    /// The process's clock.
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// Rendered products in memory.
    pub const fn rendered(&self) -> &RenderedCache {
        &self.rendered
    }

    /// Small entries in memory.
    pub fn entries(&self) -> &EntryCache {
        &self.entries
    }

    /// What is counted.
    pub const fn metrics(&self) -> &ReadMetrics {
        &self.metrics
    }

    /// Waits until no load is under way.
    pub async fn drain(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Runs a load as a task of its own, if there may be one more; says whether it does.
    pub(super) fn spawn_load(&self, load: impl Future<Output = ()> + Send + 'static) -> bool {
        let Ok(permit) = Arc::clone(&self.loads).try_acquire_owned() else { return false };
        self.tasks.spawn(async move {
            load.await;
            drop(permit);
        });
        true
    }

    /// The same for what another load waits for, which has its place already.
    pub(super) fn spawn_part(&self, load: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(load);
    }
}
