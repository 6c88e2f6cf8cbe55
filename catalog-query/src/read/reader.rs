//! What the use cases have in common: caches, the loader, and the loads under way.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use tokio::sync::{Semaphore, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Demand,
    assembled::Assembled,
    loader::Loader,
    loads::{Dispatcher, Loads},
    old_slugs::OldSlugs,
    refresh::{Job, Refresher},
};
use crate::{
    cache::{Entry, EntryCache, RedisCache, RenderedCache},
    change_traces::ChangeTraces,
    clock::Clock,
    dated,
    freshness::Freshness,
    metrics::ReadMetrics,
    store::Store,
};

/// About so many bytes of old slugs and where they lead are remembered.
const OLD_SLUGS_BYTES: u64 = 4 * 1024 * 1024;
/// Entries that wait to be loaded again; those beyond wait for their next reader.
const REFRESH_QUEUE: usize = 8192;

/// How long things may take, and how many there may be at once.
#[derive(Debug, Clone, Copy)]
pub struct ReadLimits {
    /// For how long after it was last known to be good an entry may be answered, labelled.
    pub max_stale: Duration,
    /// How long a request waits, for all that it needs together.
    pub answer: Duration,
    /// How long a load may take.
    pub load: Duration,
    /// How many things may wait for their load, of products and of all else each.
    pub waiting: usize,
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
    /// Traces of edits that are followed.
    pub traces: Arc<ChangeTraces>,
    /// Limits.
    pub limits: ReadLimits,
}

/// The use cases.
#[derive(Debug)]
pub struct Reader {
    pub(super) freshness: Arc<Freshness>,
    pub(super) rendered: RenderedCache,
    pub(super) entries: Arc<EntryCache>,
    pub(super) old_slugs: Arc<OldSlugs>,
    pub(super) loader: Loader,
    pub(super) clock: Clock,
    pub(super) traces: Arc<ChangeTraces>,
    pub(super) limits: ReadLimits,
    pub(super) metrics: ReadMetrics,
    pub(super) products: Loads<Assembled>,
    pub(super) others: Loads<Entry>,
    pub(super) refresh: mpsc::Sender<Job>,
    tasks: TaskTracker,
}

impl Reader {
    /// The reader, and what has to run beside it.
    pub fn new(parts: Parts) -> (Arc<Self>, Background) {
        let Parts { freshness, store, redis, rendered, entries, clock, traces, limits } = parts;
        let (refresh, jobs) = mpsc::channel(REFRESH_QUEUE);
        let entries = Arc::new(entries);
        let (products, waiting_products) = Loads::new(limits.waiting);
        let (others, waiting_others) = Loads::new(limits.waiting);
        let turns = Arc::new(Semaphore::new(store.replica_turns()));
        let dated = dated::Parts {
            store: Arc::clone(&store),
            freshness: Arc::clone(&freshness),
            clock,
            max_stale: limits.max_stale,
            deadline: limits.answer,
        };
        let reader = Arc::new(Self {
            old_slugs: OldSlugs::new(dated, OLD_SLUGS_BYTES),
            loader: Loader::new(Arc::clone(&freshness), store, redis, Arc::clone(&entries), clock),
            freshness,
            rendered,
            entries,
            clock,
            traces,
            limits,
            metrics: ReadMetrics::resolve(),
            products,
            others,
            refresh,
            tasks: TaskTracker::new(),
        });
        let background = Background {
            products: Dispatcher {
                reader: Arc::clone(&reader),
                waiting: waiting_products,
                turns: Arc::clone(&turns),
            },
            others: Dispatcher { reader: Arc::clone(&reader), waiting: waiting_others, turns },
            refresher: Refresher::new(Arc::clone(&reader), jobs),
        };
        (reader, background)
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

    /// How many things wait for their load.
    pub fn loads_waiting(&self) -> usize {
        self.products.waiting() + self.others.waiting()
    }

    /// How many entries wait to be loaded again.
    pub fn refreshes_waiting(&self) -> usize {
        self.refresh.max_capacity() - self.refresh.capacity()
    }

    /// Connects to the replicas, and loads what nearly every answer needs.
    pub async fn warm(self: &Arc<Self>) {
        // When the rules cannot be had, the first answer tells why.
        let bounded = Demand::bounded();
        let _ = tokio::join!(self.loader.warm(), self.rules(&bounded));
    }

    /// Waits until no load is under way.
    pub async fn drain(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.old_slugs.drain().await;
    }

    /// Runs a load, or a part of one, as a task of its own.
    pub(super) fn spawn(&self, load: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(load);
    }
}

/// What runs beside the requests: it begins their loads, and loads again what they found superseded.
pub struct Background {
    products: Dispatcher<Assembled>,
    others: Dispatcher<Entry>,
    refresher: Refresher,
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Background").finish_non_exhaustive()
    }
}

impl Background {
    /// Runs until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let Self { products, others, refresher } = self;
        tokio::join!(products.run(&stop), others.run(&stop), refresher.run(stop.clone()));
    }
}
