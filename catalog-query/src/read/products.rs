//! Products in a view.

use std::sync::Arc;

use catalog_core::view::View;
use futures::future::try_join_all;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::{
    Decision, Demand, Forward, Origin, ProductAnswer, ReadError, Reader, Via, assembled::Assembled,
    flights::Flight, loads::Outcome, refresh::Job,
};
use crate::cache::{Rendered, RenderedKey};

/// What memory gives for a product.
enum Memory {
    Answer(Arc<Rendered>),
    /// It must be loaded; with the last that is known of it.
    Load(Option<Arc<Rendered>>),
}

impl Reader {
    /// A product in a view.
    pub async fn product(
        self: &Arc<Self>,
        id: Uuid,
        view: View,
        demand: &Demand,
    ) -> Result<ProductAnswer, ReadError> {
        let mut answers = self.products(&[id], view, demand).await?;
        answers.pop().ok_or(ReadError::Unavailable)
    }

    /// Products in a view, in the order of their ids. What memory does not have is loaded together.
    /// An error when one of them cannot be had at all.
    pub async fn products(
        self: &Arc<Self>,
        ids: &[Uuid],
        view: View,
        demand: &Demand,
    ) -> Result<Vec<ProductAnswer>, ReadError> {
        let keys = ids.iter().map(|id| RenderedKey { id: *id, view });
        if !demand.is_bounded() {
            let each: Vec<_> = keys.map(|key| self.insist_on_product(key, demand)).collect();
            let found = try_join_all(each).await?;
            let answer = |(rendered, via)| self.product_answer(rendered, via, demand);
            return Ok(found.into_iter().map(answer).collect());
        }
        let memory: Vec<_> = keys.map(|key| (key, self.recall(key))).collect();
        let missing: Vec<_> = memory
            .iter()
            .filter_map(|(key, memory)| matches!(memory, Memory::Load(_)).then_some(key.id))
            .collect();
        let flights: Vec<_> = missing.into_iter().map(|id| self.fly_product(id)).collect();
        let waits = !flights.is_empty();
        let mut flights = flights.into_iter();
        let mut found = Vec::with_capacity(ids.len());
        for (key, memory) in memory {
            found.push(match memory {
                Memory::Answer(rendered) => (rendered, Via::MEMORY),
                Memory::Load(known) => {
                    let flight = flights.next().ok_or(ReadError::Unavailable)?;
                    let deadline = demand.deadline(self.limits.answer);
                    self.await_product(key, flight, known, deadline).await?
                }
            });
        }
        if waits {
            self.take_newer(&mut found);
        }
        // Only now, since what waited for others has grown older.
        let answer = |(rendered, via)| self.product_answer(rendered, via, demand);
        Ok(found.into_iter().map(answer).collect())
    }

    /// All of them at once, each by itself: their loads go together.
    async fn insist_on_product(
        self: &Arc<Self>,
        key: RenderedKey,
        demand: &Demand,
    ) -> Result<(Arc<Rendered>, Via), ReadError> {
        let recall = || self.rendered.get(&key).filter(|rendered| rendered.key == key);
        let load = |deadline| self.await_flight(key, self.fly_product(key.id), deadline);
        self.insist(demand, recall, load).await
    }

    /// While others were waited for, what came from memory may have been loaded again.
    fn take_newer(&self, found: &mut [(Arc<Rendered>, Via)]) {
        for (rendered, _) in found.iter_mut().filter(|(_, via)| *via == Via::MEMORY) {
            if let Some(newer) = self.rendered.get(&rendered.key)
                && newer.key == rendered.key
            {
                *rendered = newer;
            }
        }
    }

    fn product_answer(&self, rendered: Arc<Rendered>, via: Via, demand: &Demand) -> ProductAnswer {
        rendered.answered();
        self.freshness.state().prove(&rendered.standing);
        demand.note(&rendered.standing, &self.freshness);
        let proven_at = demand.certain_since(&rendered.standing);
        ProductAnswer { rendered, origin: Origin { proven_at, via } }
    }

    fn recall(&self, key: RenderedKey) -> Memory {
        let Some(rendered) = self.rendered.get(&key) else { return Memory::Load(None) };
        if rendered.key != key {
            self.metrics.mismatched();
            return Memory::Load(None);
        }
        if rendered.has_lapsed(self.clock.wall()) {
            return Memory::Load(Some(rendered));
        }
        match self.decide(&rendered.standing) {
            Decision::Serve(_) => Memory::Answer(rendered),
            Decision::Refresh => {
                self.refresh(&rendered.standing, Job::Product(key));
                Memory::Answer(rendered)
            }
            Decision::Load => Memory::Load(Some(rendered)),
        }
    }

    async fn await_product(
        self: &Arc<Self>,
        key: RenderedKey,
        flight: Flight<Outcome<Assembled>>,
        known: Option<Arc<Rendered>>,
        deadline: Instant,
    ) -> Result<(Arc<Rendered>, Via), ReadError> {
        let forward = Some(if known.is_some() { Forward::Stale } else { Forward::Miss });
        let joined = flight.joined;
        let mut loaded = self.await_flight(key, flight, deadline).await;
        // A load that had begun before may be older than what this caller knows.
        // Without polls another could not be proven either.
        if joined
            && matches!(&loaded, Ok(rendered) if self.is_stale(rendered))
            && self.freshness.is_polling(self.clock.now())
        {
            let again = self.await_flight(key, self.fly_product(key.id), deadline).await;
            loaded = again.or(loaded);
        }
        match loaded {
            Ok(rendered) => {
                let via = Via { layer: rendered.layer, forward };
                Ok((rendered, via))
            }
            Err(error) => {
                let known = known.filter(|rendered| self.is_last_resort(&rendered.standing));
                Ok((known.ok_or(error)?, Via::MEMORY))
            }
        }
    }

    async fn await_flight(
        &self,
        key: RenderedKey,
        flight: Flight<Outcome<Assembled>>,
        deadline: Instant,
    ) -> Result<Arc<Rendered>, ReadError> {
        let landed = timeout_at(deadline, flight.landed()).await;
        let assembled = landed.map_err(|_| ReadError::TimedOut)?.ok_or(ReadError::Overloaded)??;
        Ok(self.keep(key, &assembled))
    }

    /// Whether an answer from it would have to say that it is stale.
    fn is_stale(&self, rendered: &Rendered) -> bool {
        rendered.has_lapsed(self.clock.wall())
            || self.freshness.assess(&rendered.standing, self.clock.now()).label.is_stale()
    }

    /// Renders what was loaded, unless another has just done so, and keeps it.
    pub(super) fn keep(&self, key: RenderedKey, assembled: &Assembled) -> Arc<Rendered> {
        let (wall, now) = (self.clock.wall(), self.clock.now());
        let known = self.rendered.get(&key);
        let mut rendered = assembled.render(key.view, known.as_deref(), wall, now);
        if let Some(known) = known
            && rendered.adds_nothing_to(&known, wall)
        {
            return known;
        }
        self.freshness.state().prove(&rendered.standing);
        rendered.first_read = self.traces.first_read(&rendered.standing);
        let rendered = Arc::new(rendered);
        let kept = self.rendered.offer(&rendered, wall);
        self.metrics.rendered(Arc::ptr_eq(&kept, &rendered));
        kept
    }
}
