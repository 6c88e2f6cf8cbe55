//! Small entries: categories, the rules, slugs and SKUs.

use std::sync::Arc;

use catalog_core::{
    freshness::{Epoch, Pod as _, Verdict},
    key::EntityKey,
};
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    Decision, EntryAnswer, Forward, ReadError, Reader, Subject, Via,
    flights::{Flight, Landing},
    refresh::Job,
};
use crate::cache::Entry;

type Outcome = Result<Arc<Entry>, ReadError>;

impl Reader {
    /// The catalog's rules.
    pub async fn rules(self: &Arc<Self>) -> Result<EntryAnswer, ReadError> {
        self.entry(Subject::Rules).await
    }

    /// A category, the rules, a slug or a SKU.
    pub async fn entry(self: &Arc<Self>, subject: Subject) -> Result<EntryAnswer, ReadError> {
        let known = self.entries.get(&subject.key());
        if let Some(entry) = known.as_ref()
            && let Some(label) = self.usable(entry, &subject)
        {
            return Ok(EntryAnswer { entry: Arc::clone(entry), label, via: Via::MEMORY });
        }
        let loaded = self.load_entry(subject).await;
        self.conclude_entry(known, loaded)
    }

    fn usable(&self, entry: &Arc<Entry>, subject: &Subject) -> Option<crate::freshness::Label> {
        match self.decide(&entry.standing) {
            Decision::Serve(label) => Some(label),
            Decision::Refresh(label) => {
                self.refresh(&entry.standing, Job::Other(subject.clone()));
                Some(label)
            }
            Decision::Load => None,
        }
    }

    async fn load_entry(self: &Arc<Self>, subject: Subject) -> Outcome {
        let deadline = Instant::now() + self.limits.answer;
        let mut flight = self.fly_other(subject.clone());
        loop {
            let joined = flight.joined;
            let landed = timeout_at(deadline, flight.landed()).await;
            let entry = landed.map_err(|_| ReadError::TimedOut)?.ok_or(ReadError::Overloaded)??;
            // A load that had begun before may be older than what this caller knows.
            if joined && self.freshness.state().prove(&entry.standing) != Verdict::Current {
                flight = self.fly_other(subject.clone());
                if flight.joined {
                    return Ok(entry);
                }
                continue;
            }
            return Ok(entry);
        }
    }

    fn conclude_entry(
        &self,
        known: Option<Arc<Entry>>,
        loaded: Outcome,
    ) -> Result<EntryAnswer, ReadError> {
        let forward = Some(if known.is_some() { Forward::Stale } else { Forward::Miss });
        match loaded {
            Ok(entry) => {
                let label = self.freshness.assess(&entry.standing, self.clock.now()).label;
                let via = Via { layer: entry.layer, forward };
                Ok(EntryAnswer { entry, label, via })
            }
            Err(error) => {
                let entry = known.ok_or(error)?;
                let label = self.last_resort(&entry.standing).ok_or(error)?;
                Ok(EntryAnswer { entry, label, via: Via::MEMORY })
            }
        }
    }

    /// Begins or joins the load of one of them for a caller, if there may be one more load.
    fn fly_other(self: &Arc<Self>, subject: Subject) -> Flight<Outcome> {
        let (flight, landing) = self.others.board(subject.key());
        match landing {
            Some(landing) => {
                let reader = Arc::clone(self);
                let load = async move { reader.load_others(&[subject], vec![landing]).await };
                if !self.spawn_load(load) {
                    self.metrics.overloaded();
                }
            }
            None => self.metrics.coalesced(),
        }
        flight
    }

    /// Begins or joins the loads of many of them, in one statement, for a load that has its place
    /// already or for the few batches of refreshes.
    pub(super) fn fly_others(self: &Arc<Self>, subjects: Vec<Subject>) -> Vec<Flight<Outcome>> {
        let (mut flights, mut own, mut landings) = (Vec::new(), Vec::new(), Vec::new());
        for subject in subjects {
            let (flight, landing) = self.others.board(subject.key());
            flights.push(flight);
            if let Some(landing) = landing {
                landings.push(landing);
                own.push(subject);
            }
        }
        if !landings.is_empty() {
            let reader = Arc::clone(self);
            self.spawn_part(async move { reader.load_others(&own, landings).await });
        }
        flights
    }

    async fn load_others(&self, subjects: &[Subject], landings: Vec<Landing<Outcome>>) {
        let loaded = timeout(self.limits.load, self.loader.load(subjects)).await;
        let Ok((load, outcome)) = loaded else {
            for landing in landings {
                landing.land(Err(ReadError::TimedOut));
            }
            return;
        };
        let failure = outcome.as_ref().err().map_or(ReadError::Unavailable, ReadError::from);
        for landing in landings {
            let found = load.found(&landing.key).map(|entry| self.entries.offer(entry));
            landing.land(found.ok_or(failure));
        }
        self.loader.fill(load).await;
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
