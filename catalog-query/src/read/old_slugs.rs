//! Where old slugs lead. That cannot be proven by recent changes; it is dated by the beat.

use std::sync::Arc;

use catalog_core::key::SlugScope;
use jiff::Timestamp;

use super::{Demand, Origin, ReadError, Reader};
use crate::{
    dated::{DatedCache, DatedKey},
    store::old_slug::OldSlug,
};

/// What a remembered lead weighs beside the slugs themselves.
const OVERHEAD: usize = 256;

/// Where old slugs lead.
pub(super) type OldSlugs = DatedCache<OldSlug>;

impl DatedKey for OldSlug {
    /// The current slug; `None` when it leads nowhere.
    type Value = Option<Arc<str>>;
    type Rows = Option<Arc<str>>;
    type Statement = Self;

    fn statement(&self, _: Timestamp) -> Self {
        self.clone()
    }

    fn weight(current: &Option<Arc<str>>) -> usize {
        OVERHEAD + current.as_ref().map_or(0, |slug| slug.len())
    }
}

/// Where an old slug leads.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    /// The current slug; `None` when it leads nowhere.
    pub(super) slug: Option<Arc<str>>,
    /// As of when, and from where.
    pub(super) origin: Origin,
}

impl Reader {
    pub(super) async fn lead(
        &self,
        scope: SlugScope,
        slug: Arc<str>,
        demand: &Demand,
    ) -> Result<Lead, ReadError> {
        let found = self.old_slugs.get(&OldSlug { scope, slug }, demand).await?;
        Ok(Lead { slug: found.dated.value().clone(), origin: found.origin })
    }
}
