//! Where old slugs lead. That cannot be proven by recent changes; it is dated by the beat.

use std::{sync::Arc, time::Duration};

use catalog_core::{
    freshness::{Moment, Pod as _},
    key::SlugScope,
};
use moka::sync::Cache;

use super::{ReadError, Via};
use crate::{
    cache::Layer,
    clock::Clock,
    freshness::{Freshness, Label},
    store::{
        Place, Store,
        old_slug::{MovedTo, OldSlug},
    },
};

const REMEMBERED: u64 = 10_000;
/// Longer than any bound that makes sense; what is too old is loaded again anyway.
const LIFE: Duration = Duration::from_mins(1);

type Key = (SlugScope, Arc<str>);

#[derive(Debug, Clone)]
struct Dated {
    slug: Option<Arc<str>>,
    as_of: Option<Moment>,
}

/// Where an old slug leads.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    /// The current slug; `None` when it leads nowhere.
    pub(super) slug: Option<Arc<str>>,
    /// How old that may be.
    pub(super) label: Label,
    /// Where it came from.
    pub(super) via: Via,
}

/// Where old slugs lead, remembered for less than the bound.
#[derive(Debug)]
pub(super) struct OldSlugs {
    freshness: Arc<Freshness>,
    store: Arc<Store>,
    clock: Clock,
    known: Cache<Key, Dated>,
}

impl OldSlugs {
    pub(super) fn new(freshness: Arc<Freshness>, store: Arc<Store>, clock: Clock) -> Self {
        let known = Cache::builder().max_capacity(REMEMBERED).time_to_live(LIFE).build();
        Self { freshness, store, clock, known }
    }

    pub(super) async fn lead(&self, scope: SlugScope, slug: &Arc<str>) -> Result<Lead, ReadError> {
        let key = (scope, Arc::clone(slug));
        let known = self.known.get(&key);
        if let Some(dated) = known.clone().filter(|dated| !self.label(dated).is_stale()) {
            return Ok(self.answer(dated, Via::MEMORY));
        }
        match self.load(scope, slug).await {
            Ok((dated, via)) => {
                self.known.insert(key, dated.clone());
                Ok(self.answer(dated, via))
            }
            Err(error) => known.map(|dated| self.answer(dated, Via::MEMORY)).ok_or(error),
        }
    }

    /// From a replica; from the primary when no beat dates that, or none that is recent enough.
    async fn load(&self, scope: SlugScope, slug: &str) -> Result<(Dated, Via), ReadError> {
        let statement = OldSlug { scope, slug };
        let from_replica = match self.store.ask(Place::Replica, &statement).await {
            Ok(moved) => {
                let as_of = self.freshness.date(moved.shown.epoch, moved.shown.beat);
                let dated = Dated { as_of, ..Dated::of(moved) };
                if !self.label(&dated).is_stale() || !self.freshness.is_polling(self.clock.now()) {
                    return Ok((dated, Via::miss(Layer::Replica)));
                }
                Some(dated)
            }
            Err(error) => {
                tracing::debug!(error.message = %error, "no replica could answer");
                None
            }
        };
        match (self.ask_primary(&statement).await, from_replica) {
            (Ok(dated), _) => Ok((dated, Via::miss(Layer::Primary))),
            (Err(_), Some(dated)) => Ok((dated, Via::miss(Layer::Replica))),
            (Err(error), None) => Err(error),
        }
    }

    /// What the primary says is as recent as the question, if its epoch has not ended.
    async fn ask_primary(&self, statement: &OldSlug<'_>) -> Result<Dated, ReadError> {
        let sent = self.clock.now();
        let moved = self.store.ask(Place::Primary, statement).await;
        let moved = moved.map_err(|error| {
            tracing::warn!(error.message = %error, "an old slug could not be looked up");
            ReadError::from(&error)
        })?;
        let is_living = moved.shown.epoch >= self.freshness.state().epoch();
        let as_of = (moved.shown.counts && is_living).then_some(sent);
        Ok(Dated { as_of, ..Dated::of(moved) })
    }

    fn answer(&self, dated: Dated, via: Via) -> Lead {
        let label = self.label(&dated);
        Lead { slug: dated.slug, label, via }
    }

    fn label(&self, dated: &Dated) -> Label {
        self.freshness.label(dated.as_of, self.clock.now())
    }
}

impl Dated {
    fn of(moved: MovedTo) -> Self {
        Self { slug: moved.slug.map(Arc::from), as_of: None }
    }
}
