//! Small entries: categories, the rules, slugs and SKUs.

use std::sync::Arc;

use catalog_core::{
    freshness::{Epoch, Pod as _, Verdict},
    key::EntityKey,
};
use tokio::time::{Instant, timeout_at};

use super::{
    Decision, Demand, EntryAnswer, Forward, Origin, ReadError, Reader, Subject, Via,
    flights::Flight,
    loader::Load,
    loads::{Loadable, Outcome},
    refresh::Job,
};
use crate::cache::Entry;

impl Reader {
    /// The catalog's rules.
    pub async fn rules(self: &Arc<Self>, demand: &Demand) -> Result<EntryAnswer, ReadError> {
        self.entry(Subject::Rules, demand).await
    }

    /// A category, the rules, a slug or a SKU.
    pub async fn entry(
        self: &Arc<Self>,
        subject: Subject,
        demand: &Demand,
    ) -> Result<EntryAnswer, ReadError> {
        if !demand.is_bounded() {
            return self.insist_on_entry(subject, demand).await;
        }
        let known = self.entries.get(&subject.key());
        if let Some(entry) = known.as_ref()
            && self.is_usable(entry, &subject)
        {
            return Ok(EntryAnswer::new(Arc::clone(entry), Via::MEMORY));
        }
        let loaded = self.load_entry(subject, demand.deadline(self.limits.answer)).await;
        self.conclude_entry(known, loaded)
    }

    async fn insist_on_entry(
        self: &Arc<Self>,
        subject: Subject,
        demand: &Demand,
    ) -> Result<EntryAnswer, ReadError> {
        let key = subject.key();
        let recall = || self.entries.get(&key);
        let load = |deadline| await_entry(self.fly_other(subject.clone()), deadline);
        let (entry, via) = self.insist(demand, recall, load).await?;
        demand.note(&entry.standing, &self.freshness);
        let origin = Origin { proven_at: demand.certain_since(&entry.standing), via };
        Ok(EntryAnswer { entry, origin })
    }

    fn is_usable(&self, entry: &Entry, subject: &Subject) -> bool {
        match self.decide(&entry.standing) {
            Decision::Serve(_) => true,
            Decision::Refresh => {
                self.refresh(&entry.standing, Job::Other(subject.clone()));
                true
            }
            Decision::Load => false,
        }
    }

    async fn load_entry(self: &Arc<Self>, subject: Subject, deadline: Instant) -> Outcome<Entry> {
        let flight = self.fly_other(subject.clone());
        let joined = flight.joined;
        let entry = await_entry(flight, deadline).await?;
        // A load that had begun before may be older than what this caller knows.
        if joined && !self.is_best(&entry) {
            let again = await_entry(self.fly_other(subject), deadline).await;
            return Ok(again.unwrap_or(entry));
        }
        Ok(entry)
    }

    fn conclude_entry(
        &self,
        known: Option<Arc<Entry>>,
        loaded: Outcome<Entry>,
    ) -> Result<EntryAnswer, ReadError> {
        let forward = Some(if known.is_some() { Forward::Stale } else { Forward::Miss });
        let (entry, via) = match loaded {
            Ok(entry) => {
                let via = Via { layer: entry.layer, forward };
                (entry, via)
            }
            Err(error) => {
                let known = known.filter(|entry| self.is_last_resort(&entry.standing));
                (known.ok_or(error)?, Via::MEMORY)
            }
        };
        self.freshness.state().prove(&entry.standing);
        Ok(EntryAnswer::new(entry, via))
    }

    /// Begins or joins the load of one of them.
    pub(super) fn fly_other(&self, subject: Subject) -> Flight<Outcome<Entry>> {
        self.others.fly(subject, &self.metrics, &self.traces)
    }

    /// What memory knows of it, if that is as good as a load could be.
    pub(super) fn current(&self, key: &EntityKey) -> Option<Arc<Entry>> {
        self.entries.get(key).filter(|entry| self.is_best(entry))
    }

    /// Whether a load could not give anything better.
    pub(super) fn is_best(&self, entry: &Entry) -> bool {
        let state = self.freshness.state();
        state.epoch() == Epoch::NONE
            || state.prove(&entry.standing) == Verdict::Current
            || !self.freshness.is_polling(self.clock.now())
    }
}

async fn await_entry(flight: Flight<Outcome<Entry>>, deadline: Instant) -> Outcome<Entry> {
    let landed = timeout_at(deadline, flight.landed()).await;
    landed.map_err(|_| ReadError::TimedOut)?.ok_or(ReadError::Overloaded)?
}

impl Loadable for Entry {
    async fn finish(
        reader: &Arc<Reader>,
        found: Vec<Arc<Self>>,
        _: &Load,
    ) -> Vec<Option<Arc<Self>>> {
        found.iter().map(|entry| Some(reader.entries.offer(entry))).collect()
    }
}
