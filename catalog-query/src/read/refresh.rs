//! Loads again, beside the requests, what they found superseded: many at a time, each once.

use std::{collections::HashMap, sync::Arc, time::Duration};

use catalog_core::{freshness::Moment, key::EntityKey};
use futures::{StreamExt as _, stream::FuturesUnordered};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Reader, Subject};
use crate::{cache::RenderedKey, freshness::Standing};

/// One statement loads so many at the most.
const BATCH: usize = 100;
/// So many batches are under way at once, so that a slow one does not hold up the rest.
const BATCHES: usize = 4;
/// A load that brought nothing better is tried again after so long.
const RETRY: Duration = Duration::from_millis(50);
/// While nothing can be proven, so that a replica is not asked in vain.
const RETRY_UNPROVEN: Duration = Duration::from_secs(1);

/// What to load again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Job {
    /// A product, to be rendered in this view.
    Product(RenderedKey),
    /// Anything else.
    Other(Subject),
}

impl Reader {
    /// Has it loaded again beside the requests, unless that was begun a moment ago. When too many
    /// wait already, the next reader tries again.
    pub(super) fn refresh(&self, standing: &Standing, job: Job) {
        let now = self.clock.now();
        let pause = if self.freshness.is_polling(now) { RETRY } else { RETRY_UNPROVEN };
        let next =
            Moment(now.0.saturating_add(u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX)));
        if standing.take_retry(now, next) && self.refresh.try_send(job).is_err() {
            self.metrics.refresh_dropped();
        }
    }
}

/// Works through the queue.
#[derive(Debug)]
pub struct Refresher {
    reader: Arc<Reader>,
    jobs: mpsc::Receiver<Job>,
}

impl Refresher {
    pub(super) const fn new(reader: Arc<Reader>, jobs: mpsc::Receiver<Job>) -> Self {
        Self { reader, jobs }
    }

    /// Works until told to stop. What comes in while batches are under way makes the next batch.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut under_way = FuturesUnordered::new();
        let mut jobs = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                Some(()) = under_way.next() => {}
                received = self.jobs.recv_many(&mut jobs, BATCH), if under_way.len() < BATCHES => {
                    if received == 0 {
                        return;
                    }
                    let reader = Arc::clone(&self.reader);
                    under_way.push(reader.reload(std::mem::take(&mut jobs)));
                }
            }
        }
    }
}

impl Reader {
    async fn reload(self: Arc<Self>, jobs: Vec<Job>) {
        let mut views: HashMap<Uuid, Vec<RenderedKey>> = HashMap::new();
        let mut others: HashMap<EntityKey, Subject> = HashMap::new();
        for job in jobs {
            match job {
                Job::Product(key) => views.entry(key.id).or_default().push(key),
                Job::Other(subject) => {
                    others.insert(subject.key(), subject);
                }
            }
        }
        let others = self.fly_others(others.into_values().collect());
        let ids: Vec<_> = views.keys().copied().collect();
        for (id, flight) in ids.iter().zip(self.fly_products(&ids)) {
            if let Some(Ok(assembled)) = flight.landed().await {
                for key in views.get(id).into_iter().flatten() {
                    self.keep(*key, &assembled);
                }
            }
        }
        for flight in others {
            flight.landed().await;
        }
    }
}
