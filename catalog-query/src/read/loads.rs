//! Loads that wait for their turn, and go together: what comes in while every turn is taken makes the
//! next batch. With turns to spare nothing waits; the more is asked for, the larger the batches.

use std::{fmt, future::Future, sync::Arc};

use futures::future::join;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{
    ReadError, Reader, Subject,
    flights::{Flight, Flights, Landing},
    loader::Load,
};
use crate::{cache::Entry, change_traces::ChangeTraces, metrics::ReadMetrics};

/// One statement loads so many at the most.
const BATCH: usize = 64;

/// What a load ends in.
pub(super) type Outcome<T> = Result<Arc<T>, ReadError>;

/// What callers wait for.
pub(super) trait Loadable: Send + Sync + Sized + 'static {
    /// Makes it of each of what was found, in order; `None` where something that belongs to it could
    /// not be had.
    fn finish(
        reader: &Arc<Reader>,
        found: Vec<Arc<Entry>>,
        load: &Load,
    ) -> impl Future<Output = Vec<Option<Arc<Self>>>> + Send;
}

/// Something that is to be loaded.
pub(super) struct Waiting<T> {
    subject: Subject,
    landing: Landing<Outcome<T>>,
}

/// The loads of one sort, under way or waiting for their turn.
pub(super) struct Loads<T> {
    flights: Arc<Flights<Outcome<T>>>,
    queue: mpsc::Sender<Waiting<T>>,
}

impl<T> fmt::Debug for Loads<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loads").field("waiting", &self.waiting()).finish_non_exhaustive()
    }
}

impl<T> Loads<T> {
    /// So many may wait; what more is asked for is refused.
    pub(super) fn new(most_waiting: usize) -> (Self, mpsc::Receiver<Waiting<T>>) {
        let (queue, waiting) = mpsc::channel(most_waiting);
        (Self { flights: Flights::new(), queue }, waiting)
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Joins the load of it, or has it begun.
    pub(super) fn fly(
        &self,
        subject: Subject,
        metrics: &ReadMetrics,
        traces: &ChangeTraces,
    ) -> Flight<Outcome<T>> {
        let (flight, landing) = self.flights.board(subject.key());
        match landing {
            None => metrics.coalesced(),
            Some(mut landing) => {
                landing.trace = traces.load(&landing.key);
                if self.queue.try_send(Waiting { subject, landing }).is_err() {
                    metrics.overloaded();
                }
            }
        }
        flight
    }
}

/// Begins the loads of one sort, as turns become free.
pub(super) struct Dispatcher<T> {
    pub(super) reader: Arc<Reader>,
    pub(super) waiting: mpsc::Receiver<Waiting<T>>,
    /// One for each statement that replicas may be asked at once, shared by all sorts.
    pub(super) turns: Arc<Semaphore>,
}

impl<T: Loadable> Dispatcher<T> {
    /// Dispatches until told to stop.
    pub(super) async fn run(mut self, stop: &CancellationToken) {
        stop.run_until_cancelled(async {
            while let Some(first) = self.waiting.recv().await {
                let turn = Arc::clone(&self.turns).acquire_owned().await;
                let turn = turn.expect("nobody closes this semaphore");
                let mut batch = vec![first];
                while batch.len() < BATCH
                    && let Ok(next) = self.waiting.try_recv()
                {
                    batch.push(next);
                }
                let reader = Arc::clone(&self.reader);
                self.reader.spawn(reader.load(batch, turn));
            }
        })
        .await;
    }
}

type Landings<T> = Vec<Landing<Outcome<T>>>;

impl Reader {
    /// Looks for all of it at once. What that does not bring is tried further without holding up
    /// the rest, nor the turn.
    async fn load<T: Loadable>(
        self: Arc<Self>,
        batch: Vec<Waiting<T>>,
        turn: OwnedSemaphorePermit,
    ) {
        let deadline = Instant::now() + self.limits.load;
        let (subjects, landings): (Vec<_>, Landings<T>) =
            batch.into_iter().map(|waiting| (waiting.subject, waiting.landing)).unzip();
        let mut load = Load::new(subjects);
        if timeout_at(deadline, self.loader.look(&mut load)).await.is_err() {
            load.fail(ReadError::TimedOut);
        }
        drop(turn);
        let (rest, landed): (Landings<T>, _) =
            landings.into_iter().partition(|landing| load.wants(&landing.key));
        if !rest.is_empty() {
            let rest = Arc::clone(&self).persist(rest, load.split_wanted(), deadline);
            self.spawn(rest);
        }
        // What callers need beside it may take a while, and other pods wait for what Redis is told.
        join(self.land(landed, &load), self.loader.end(&load)).await;
    }

    /// Tries on until the deadline, and tells each caller as soon as there is something to tell.
    async fn persist<T: Loadable>(
        self: Arc<Self>,
        mut landings: Landings<T>,
        mut load: Load,
        deadline: Instant,
    ) {
        let mut persistence = self.loader.persistence();
        while !landings.is_empty() {
            let again = self.loader.again(&mut load, &mut persistence);
            let tries_on = timeout_at(deadline, again).await.unwrap_or_else(|_| {
                load.fail(ReadError::TimedOut);
                false
            });
            let (rest, landed) =
                landings.into_iter().partition(|landing| tries_on && load.wants(&landing.key));
            landings = rest;
            self.land(landed, &load).await;
        }
        self.loader.end(&load).await;
    }

    /// Tells those who wait the best that was found, or why nothing was.
    async fn land<T: Loadable>(self: &Arc<Self>, landings: Landings<T>, load: &Load) {
        let (mut found, mut waited_for) = (Vec::new(), Vec::new());
        for landing in landings {
            match load.found(&landing.key) {
                Some(entry) => {
                    found.push(Arc::clone(entry));
                    waited_for.push(landing);
                }
                None => landing.land(Err(load.failure())),
            }
        }
        let finished = T::finish(self, found, load).await;
        for (landing, finished) in waited_for.into_iter().zip(finished) {
            landing.land(finished.ok_or(ReadError::Unavailable));
        }
    }
}
