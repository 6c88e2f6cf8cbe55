//! Loads again, beside the requests, what they found superseded: each once, and together what comes together.

use std::{future::Future, sync::Arc, time::Duration};

use catalog_core::freshness::Moment;
use futures::{FutureExt as _, StreamExt as _, future::Either, stream::FuturesUnordered};
use rand::RngExt as _;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Reader, Subject};
use crate::{cache::RenderedKey, freshness::Standing};

/// So many are taken from the queue at once.
const BATCH: usize = 100;
/// So many are under way at once, so that a slow one does not hold up the rest.
const UNDER_WAY: usize = 1024;
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
        // Jittered, or what was superseded together would be tried again together.
        let pause = pause.mul_f64(rand::rng().random_range(0.75..1.25));
        let next =
            Moment(now.0.saturating_add(u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX)));
        if standing.take_retry(now, next) && self.refresh.try_send(job).is_err() {
            self.metrics.refresh_dropped();
        }
    }
}

/// Works through the queue.
#[derive(Debug)]
pub(super) struct Refresher {
    reader: Arc<Reader>,
    jobs: mpsc::Receiver<Job>,
}

impl Refresher {
    pub(super) const fn new(reader: Arc<Reader>, jobs: mpsc::Receiver<Job>) -> Self {
        Self { reader, jobs }
    }

    /// Works until told to stop.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut under_way = FuturesUnordered::new();
        let mut jobs = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                Some(()) = under_way.next() => {}
                received = self.jobs.recv_many(&mut jobs, BATCH), if under_way.len() < UNDER_WAY => {
                    if received == 0 {
                        return;
                    }
                    under_way.extend(jobs.drain(..).map(|job| self.reader.reload(job)));
                }
            }
        }
    }
}

impl Reader {
    /// Begins the load at once; what it gives ends it.
    fn reload(self: &Arc<Self>, job: Job) -> impl Future<Output = ()> + use<> {
        match job {
            Job::Product(key) => Either::Left(self.reload_product(key)),
            Job::Other(subject) => Either::Right(self.fly_other(subject).landed().map(drop)),
        }
    }

    fn reload_product(self: &Arc<Self>, key: RenderedKey) -> impl Future<Output = ()> + use<> {
        let (reader, flight) = (Arc::clone(self), self.fly_product(key.id));
        async move {
            if let Some(Ok(assembled)) = flight.landed().await {
                reader.keep(key, &assembled);
            }
        }
    }
}
