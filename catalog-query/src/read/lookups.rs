//! Products by slug and by SKU.

use std::sync::Arc;

use catalog_core::{document::SlugOwner, freshness::Version, key::SlugScope, view::View};

use super::{EntryAnswer, ProductAnswer, ReadError, Reader, Subject, Via};
use crate::{cache::Document, freshness::Label};

/// What a product's slug leads to.
#[derive(Debug, Clone)]
pub enum BySlug {
    /// The product that bears it; without a body, one that storefronts do not see.
    Product(ProductAnswer),
    /// It is an old one.
    Moved {
        /// The current one.
        slug: Arc<str>,
        /// How old that may be.
        label: Label,
        /// Where it came from.
        via: Via,
    },
    /// Nobody bears it.
    Absent {
        /// How old that may be.
        label: Label,
        /// Where it came from.
        via: Via,
    },
}

impl Reader {
    /// The product that bears a slug, or where an old slug leads.
    pub async fn product_by_slug(
        self: &Arc<Self>,
        slug: Arc<str>,
        view: View,
    ) -> Result<BySlug, ReadError> {
        let subject = Subject::Slug(SlugScope::Product, Arc::clone(&slug));
        let found = self.entry(subject).await?;
        if let Some(Document::Slug(SlugOwner::ProductId(id))) = &found.entry.document {
            let product = self.product(*id, view).await?;
            return Ok(BySlug::Product(product.with(&found)));
        }
        // A slug that never had an owner has never been an old one either.
        if found.entry.standing.version() == Version(0) {
            return Ok(BySlug::Absent { label: found.label, via: found.via });
        }
        let lead = self.old_slugs.lead(SlugScope::Product, &slug).await?;
        let (label, via) = (lead.label.older(found.label), lead.via.farther(found.via));
        Ok(match lead.slug {
            Some(slug) => BySlug::Moved { slug, label, via },
            None => BySlug::Absent { label, via },
        })
    }

    /// The product whose variant bears a SKU; `Err` with the lookup when none does.
    pub async fn product_by_sku(
        self: &Arc<Self>,
        sku: Arc<str>,
        view: View,
    ) -> Result<Result<ProductAnswer, EntryAnswer>, ReadError> {
        let found = self.entry(Subject::Sku(sku)).await?;
        match &found.entry.document {
            Some(Document::Sku(owner)) => {
                Ok(Ok(self.product(owner.product_id, view).await?.with(&found)))
            }
            _ => Ok(Err(found)),
        }
    }
}

impl ProductAnswer {
    /// As old as the older of itself and the lookup that led to it.
    fn with(self, lookup: &EntryAnswer) -> Self {
        Self { label: self.label.older(lookup.label), via: self.via.farther(lookup.via), ..self }
    }
}
