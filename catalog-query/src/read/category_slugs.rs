//! Categories by slug.

use std::sync::Arc;

use catalog_core::{document::SlugOwner, freshness::Version, key::SlugScope};
use uuid::Uuid;

use super::{Demand, Origin, ReadError, Reader, Subject};
use crate::cache::Document;

/// What a category's slug leads to.
#[derive(Debug, Clone)]
pub struct CategorySlug {
    /// What it leads to.
    pub leads_to: LeadsTo,
    /// As of when, and from where.
    pub origin: Origin,
}

/// What a slug leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadsTo {
    /// The category that bears it.
    Category(Uuid),
    /// It is an old one; this is the current one.
    Slug(Arc<str>),
    /// Nobody bears it.
    Nothing,
}

impl Reader {
    /// The category that bears a slug, or where an old slug leads.
    pub async fn category_slug(
        self: &Arc<Self>,
        slug: Arc<str>,
        demand: &Demand,
    ) -> Result<CategorySlug, ReadError> {
        let subject = Subject::Slug(SlugScope::Category, Arc::clone(&slug));
        let found = self.entry(subject, demand).await?;
        let origin = found.origin;
        if let Some(Document::Slug(SlugOwner::CategoryId(id))) = &found.entry.document {
            return Ok(CategorySlug { leads_to: LeadsTo::Category(*id), origin });
        }
        // A slug that never had an owner has never been an old one either.
        if found.entry.standing.version() == Version(0) {
            return Ok(CategorySlug { leads_to: LeadsTo::Nothing, origin });
        }
        let lead = self.lead(SlugScope::Category, slug, demand).await?;
        let leads_to = lead.slug.map_or(LeadsTo::Nothing, LeadsTo::Slug);
        Ok(CategorySlug { leads_to, origin: origin.and(lead.origin) })
    }

    /// The category that bears a slug now or, if nobody does, bore it before.
    pub async fn category_of(
        self: &Arc<Self>,
        slug: Arc<str>,
        demand: &Demand,
    ) -> Result<CategorySlug, ReadError> {
        let first = self.category_slug(slug, demand).await?;
        let LeadsTo::Slug(current) = first.leads_to else { return Ok(first) };
        let second = self.category_slug(current, demand).await?;
        Ok(CategorySlug { leads_to: second.leads_to, origin: second.origin.and(first.origin) })
    }
}
