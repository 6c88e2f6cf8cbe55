//! Products in a view.

use std::sync::Arc;

use catalog_core::{key::EntityKey, view::View};
use tokio::time::{Instant, timeout, timeout_at};
use uuid::Uuid;

use super::{
    Decision, Forward, ProductAnswer, ReadError, Reader, Subject, Via,
    assembled::{self, Assembled, Named},
    flights::{Flight, Landing},
    loader::Load,
    refresh::Job,
};
use crate::{
    cache::{Entry, Rendered, RenderedKey},
    freshness::Label,
};

pub(super) type Outcome = Result<Arc<Assembled>, ReadError>;

/// What memory gives for a product.
enum Memory {
    Answer(ProductAnswer),
    /// It must be loaded; with the last that is known of it.
    Load(Option<Arc<Rendered>>),
}

impl Reader {
    /// A product in a view.
    pub async fn product(
        self: &Arc<Self>,
        id: Uuid,
        view: View,
    ) -> Result<ProductAnswer, ReadError> {
        let mut answers = self.products(&[id], view).await?;
        answers.pop().ok_or(ReadError::Unavailable)
    }

    /// Products in a view, in the order of their ids. What memory does not have is loaded together.
    /// An error when one of them cannot be had at all.
    pub async fn products(
        self: &Arc<Self>,
        ids: &[Uuid],
        view: View,
    ) -> Result<Vec<ProductAnswer>, ReadError> {
        let keys = ids.iter().map(|id| RenderedKey { id: *id, view });
        let memory: Vec<_> = keys.map(|key| (key, self.recall(key))).collect();
        let missing: Vec<_> = memory
            .iter()
            .filter_map(|(key, memory)| matches!(memory, Memory::Load(_)).then_some(key.id))
            .collect();
        let deadline = Instant::now() + self.limits.answer;
        let mut flights = self.fly_products(&missing).into_iter();
        let mut answers = Vec::with_capacity(ids.len());
        for (key, memory) in memory {
            answers.push(match (memory, key) {
                (Memory::Answer(answer), _) => answer,
                (Memory::Load(known), key) => {
                    let flight = flights.next().ok_or(ReadError::Unavailable)?;
                    self.await_product(key, flight, known, deadline).await?
                }
            });
        }
        Ok(answers)
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
            Decision::Serve(label) => {
                Memory::Answer(ProductAnswer { rendered, label, via: Via::MEMORY })
            }
            Decision::Refresh(label) => {
                self.refresh(&rendered.standing, Job::Product(key));
                Memory::Answer(ProductAnswer { rendered, label, via: Via::MEMORY })
            }
            Decision::Load => Memory::Load(Some(rendered)),
        }
    }

    async fn await_product(
        self: &Arc<Self>,
        key: RenderedKey,
        flight: Flight<Outcome>,
        known: Option<Arc<Rendered>>,
        deadline: Instant,
    ) -> Result<ProductAnswer, ReadError> {
        let forward = Some(if known.is_some() { Forward::Stale } else { Forward::Miss });
        let joined = flight.joined;
        let mut loaded = self.await_flight(key, flight, deadline).await;
        // A load that had begun before may be older than what this caller knows.
        if joined && matches!(&loaded, Ok((_, label)) if label.is_stale()) {
            let again = self.fly_products(&[key.id]).pop().ok_or(ReadError::Unavailable)?;
            loaded = self.await_flight(key, again, deadline).await;
        }
        match loaded {
            Ok((rendered, label)) => {
                let via = Via { layer: rendered.layer, forward };
                Ok(ProductAnswer { rendered, label, via })
            }
            Err(error) => {
                let rendered = known.ok_or(error)?;
                self.last_resort(&rendered.standing).ok_or(error)?;
                let label = self.label(&rendered);
                Ok(ProductAnswer { rendered, label, via: Via::MEMORY })
            }
        }
    }

    async fn await_flight(
        &self,
        key: RenderedKey,
        flight: Flight<Outcome>,
        deadline: Instant,
    ) -> Result<(Arc<Rendered>, Label), ReadError> {
        let landed = timeout_at(deadline, flight.landed()).await;
        let assembled = landed.map_err(|_| ReadError::TimedOut)?.ok_or(ReadError::Overloaded)??;
        let rendered = self.keep(key, &assembled);
        let label = self.label(&rendered);
        Ok((rendered, label))
    }

    /// What an answer from it says of its age. What the clock has overtaken is never fresh.
    fn label(&self, rendered: &Rendered) -> Label {
        let label = self.freshness.assess(&rendered.standing, self.clock.now()).label;
        match label {
            Label::Fresh { age } if rendered.has_lapsed(self.clock.wall()) => {
                Label::Stale { age: Some(age) }
            }
            label => label,
        }
    }

    /// Renders what was loaded, unless another has just done so, and keeps it.
    pub(super) fn keep(&self, key: RenderedKey, assembled: &Assembled) -> Arc<Rendered> {
        let (wall, now) = (self.clock.wall(), self.clock.now());
        let known = self.rendered.get(&key);
        let rendered = Arc::new(assembled.render(key.view, known.as_deref(), wall, now));
        if let Some(known) = known
            && rendered.adds_nothing_to(&known, wall)
        {
            return known;
        }
        self.freshness.state().prove(&rendered.standing);
        self.rendered.offer(&rendered, wall)
    }

    /// Begins or joins the loads of these products; what is begun is one statement.
    pub(super) fn fly_products(self: &Arc<Self>, ids: &[Uuid]) -> Vec<Flight<Outcome>> {
        let (mut flights, mut landings) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in ids {
            let (flight, landing) = self.products.board(EntityKey::product(*id));
            if landing.is_none() {
                self.metrics.coalesced();
            }
            flights.push(flight);
            landings.extend(landing);
        }
        if !landings.is_empty() {
            let reader = Arc::clone(self);
            let begun = self.spawn_load(async move { reader.load_products(landings).await });
            if !begun {
                self.metrics.overloaded();
            }
        }
        flights
    }

    async fn load_products(self: &Arc<Self>, landings: Vec<Landing<Outcome>>) {
        let subjects: Vec<_> =
            landings.iter().map(|landing| Subject::Product(landing.key.id)).collect();
        let loading = async {
            let (load, outcome) = self.loader.load(&subjects).await;
            let failure = outcome.as_ref().err().map_or(ReadError::Unavailable, ReadError::from);
            let found = subjects.iter().filter_map(|subject| load.found(&subject.key()));
            let named = self.named(found.cloned().collect(), &load).await;
            (load, named, failure)
        };
        let Ok((load, named, failure)) = timeout(self.limits.load, loading).await else {
            for landing in landings {
                landing.land(Err(ReadError::TimedOut));
            }
            return;
        };
        for landing in landings {
            let outcome = match load.found(&landing.key) {
                Some(product) => named.assemble(product).ok_or(ReadError::Unavailable),
                None => Err(failure),
            };
            landing.land(outcome);
        }
        self.loader.fill(load).await;
    }

    /// The categories and rules that these products name: brought along, in memory, or loaded.
    async fn named(self: &Arc<Self>, products: Vec<Arc<Entry>>, load: &Load) -> Named {
        let mut named = Named::default();
        let mut missing = Vec::new();
        for subject in assembled::named_by(&products) {
            let key = subject.key();
            let brought = load.companion(&key).filter(|entry| self.is_best(entry)).cloned();
            match brought.or_else(|| self.current(&key)) {
                Some(entry) => named.insert(entry),
                None => missing.push(subject),
            }
        }
        let keys: Vec<_> = missing.iter().map(Subject::key).collect();
        for (key, flight) in keys.iter().zip(self.fly_others(missing)) {
            let landed = flight.landed().await.and_then(Result::ok);
            if let Some(entry) = landed.or_else(|| self.entries.get(key)) {
                named.insert(entry);
            }
        }
        named
    }
}
