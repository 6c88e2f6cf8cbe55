//! Products by slug and by SKU.

use std::sync::Arc;

use catalog_core::{document::SlugOwner, freshness::Version, key::SlugScope, view::View};

use super::{Demand, EntryAnswer, Origin, ProductAnswer, ReadError, Reader, Subject};
use crate::cache::Document;

/// So many times may a product be given another slug while it is looked for.
const MOVES: usize = 3;

/// What a product's slug leads to.
#[derive(Debug, Clone)]
pub enum BySlug {
    /// The product that bears it or bore it; without a body, one that storefronts do not see.
    Product(ProductAnswer),
    /// It is an old one of a product that storefronts see.
    Moved {
        /// The current one.
        slug: Arc<str>,
        /// As of when, and from where.
        origin: Origin,
    },
    /// Nobody bears it.
    Absent(Origin),
}

impl Reader {
    /// The product that bears a slug, or where an old slug leads. Where it leads is looked at too, so
    /// that an old slug does not tell of a product that storefronts do not see.
    pub async fn product_by_slug(
        self: &Arc<Self>,
        mut slug: Arc<str>,
        view: View,
        demand: &Demand,
    ) -> Result<BySlug, ReadError> {
        let mut origin = None::<Origin>;
        for moves in 0..=MOVES {
            let subject = Subject::Slug(SlugScope::Product, Arc::clone(&slug));
            let found = self.entry(subject, demand).await?;
            let so_far = origin.map_or(found.origin, |origin| origin.and(found.origin));
            if let Some(Document::Slug(SlugOwner::ProductId(id))) = &found.entry.document {
                let product = self.product(*id, view, demand).await?.after(so_far);
                return Ok(if moves == 0 || product.rendered.body.is_none() {
                    BySlug::Product(product)
                } else {
                    BySlug::Moved { slug, origin: product.origin }
                });
            }
            // A slug that never had an owner has never been an old one either.
            if found.entry.standing.version() == Version(0) {
                return Ok(BySlug::Absent(so_far));
            }
            let lead = self.lead(SlugScope::Product, slug, demand).await?;
            let so_far = so_far.and(lead.origin);
            let Some(current) = lead.slug else { return Ok(BySlug::Absent(so_far)) };
            (slug, origin) = (current, Some(so_far));
        }
        Err(ReadError::Unavailable)
    }

    /// The product whose variant bears a SKU; `Err` with the lookup when none does.
    pub async fn product_by_sku(
        self: &Arc<Self>,
        sku: Arc<str>,
        view: View,
        demand: &Demand,
    ) -> Result<Result<ProductAnswer, EntryAnswer>, ReadError> {
        let found = self.entry(Subject::Sku(sku), demand).await?;
        match &found.entry.document {
            Some(Document::Sku(owner)) => {
                let product = self.product(owner.product_id, view, demand).await?;
                Ok(Ok(product.after(found.origin)))
            }
            _ => Ok(Err(found)),
        }
    }
}
