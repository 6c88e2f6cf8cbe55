//! One thing as it was loaded: a document, or its absence, with what the rule needs.

use std::sync::Arc;

use catalog_core::{
    contract::{memory::DocumentHash, redis_entry},
    document::{CatalogRules, CategoryDocument, ProductDocument, SkuOwner, SlugOwner},
    freshness::{Epoch, Moment, Part, Version, Xid},
    key::{EntityKey, Kind},
};
use smallvec::smallvec;
use uuid::Uuid;

use crate::{
    freshness::Standing,
    store::{Place, Shown, entries::EntryRow},
};

/// Where something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// This process's memory.
    Moka,
    /// Redis.
    Redis,
    /// A replica.
    Replica,
    /// The primary.
    Primary,
}

impl Layer {
    /// Its name in `Cache-Status` and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moka => "moka",
            Self::Redis => "redis",
            Self::Replica => "replica",
            Self::Primary => "primary",
        }
    }
}

impl From<Place> for Layer {
    fn from(place: Place) -> Self {
        match place {
            Place::Replica => Self::Replica,
            Place::Primary => Self::Primary,
        }
    }
}

/// A document of any kind.
#[derive(Debug)]
pub enum Document {
    /// A product.
    Product(Box<ProductDocument>),
    /// A category.
    Category(Arc<CategoryDocument>),
    /// The catalog's rules.
    Rules(CatalogRules),
    /// Who owns a slug.
    Slug(SlugOwner),
    /// Which variant bears a SKU.
    Sku(SkuOwner),
}

/// A document that cannot be used as what it was stored as.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It is not JSON of its kind, perhaps another release's.
    #[error("not a document of its kind: {0}")]
    Json(#[from] serde_json::Error),
    /// It is another thing's. A hit must be what was asked for.
    #[error("the document of another thing, {0}")]
    Another(Uuid),
}

/// One thing as it was loaded.
#[derive(Debug)]
pub struct Entry {
    /// What it is.
    pub key: EntityKey,
    /// What the rule needs.
    pub standing: Standing,
    /// `None` when it does not exist.
    pub document: Option<Document>,
    /// Where it was found.
    pub layer: Layer,
    /// Of its document as JSON.
    pub bytes: usize,
    /// Of the same; `None` when it does not exist.
    pub hash: Option<DocumentHash>,
}

struct Source {
    epoch: Epoch,
    version: Version,
    xid: Xid,
    horizon: Xid,
    layer: Layer,
}

impl Entry {
    /// From a statement's row.
    pub fn from_row(
        row: &EntryRow,
        shown: Shown,
        place: Place,
        now: Moment,
    ) -> Result<Self, Unusable> {
        let (epoch, horizon) = (shown.epoch, shown.horizon);
        let source =
            Source { epoch, version: row.version, xid: row.xid, horizon, layer: place.into() };
        Self::new(row.key, &source, row.document.as_deref().map(str::as_bytes), now)
    }

    /// From a body that Redis gave.
    pub fn from_redis(
        key: EntityKey,
        body: redis_entry::Body<'_>,
        now: Moment,
    ) -> Result<Self, Unusable> {
        let redis_entry::Body { epoch, version, xid, horizon, document } = body;
        let source = Source { epoch, version, xid, horizon, layer: Layer::Redis };
        Self::new(key, &source, document, now)
    }

    fn new(
        key: EntityKey,
        source: &Source,
        document: Option<&[u8]>,
        now: Moment,
    ) -> Result<Self, Unusable> {
        let part = Part { key, version: source.version, xid: source.xid };
        Ok(Self {
            key,
            standing: Standing::new(source.epoch, smallvec![part], source.horizon, now),
            document: document.map(|json| parse(key, json)).transpose()?,
            layer: source.layer,
            bytes: document.map_or(0, <[u8]>::len),
            hash: document.map(DocumentHash::of),
        })
    }

    /// Itself, as a part of something rendered.
    pub fn part(&self) -> Part {
        self.standing.parts()[0]
    }

    /// Whether it is of a later state than `other`.
    pub fn is_later_than(&self, other: &Self) -> bool {
        let order = |entry: &Self| {
            (entry.standing.epoch(), entry.standing.version(), entry.standing.horizon())
        };
        order(self) > order(other)
    }

    /// The product, if it is one and exists.
    pub fn product(&self) -> Option<&ProductDocument> {
        match &self.document {
            Some(Document::Product(product)) => Some(product),
            _ => None,
        }
    }

    /// The category, if it is one and exists.
    pub fn category(&self) -> Option<&Arc<CategoryDocument>> {
        match &self.document {
            Some(Document::Category(category)) => Some(category),
            _ => None,
        }
    }

    /// The rules, if it is they.
    pub fn rules(&self) -> Option<&CatalogRules> {
        match &self.document {
            Some(Document::Rules(rules)) => Some(rules),
            _ => None,
        }
    }
}

fn parse(key: EntityKey, json: &[u8]) -> Result<Document, Unusable> {
    let (document, id) = match key.kind {
        Kind::Product => {
            let product: Box<ProductDocument> = serde_json::from_slice(json)?;
            let id = product.id;
            (Document::Product(product), id)
        }
        Kind::Category => {
            let category: CategoryDocument = serde_json::from_slice(json)?;
            let id = category.id;
            (Document::Category(Arc::new(category)), id)
        }
        Kind::Rules => (Document::Rules(serde_json::from_slice(json)?), key.id),
        Kind::Slug => (Document::Slug(serde_json::from_slice(json)?), key.id),
        Kind::Sku => (Document::Sku(serde_json::from_slice(json)?), key.id),
    };
    if id == key.id { Ok(document) } else { Err(Unusable::Another(id)) }
}
