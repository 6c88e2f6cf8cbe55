//! A product with all that goes into its rendering.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bytes::Bytes;
use catalog_core::{
    document::CatalogRules,
    freshness::{Epoch, Moment, Parts},
    key::EntityKey,
    render::{Rendered as Seen, render_product},
    view::View,
};
use jiff::Timestamp;
use smallvec::smallvec;
use uuid::Uuid;

use super::Subject;
use crate::{
    cache::{Body, Entry, Rendered, RenderedKey},
    freshness::Standing,
};

/// A product with all that goes into its rendering.
#[derive(Debug)]
pub(super) struct Assembled {
    pub(super) product: Arc<Entry>,
    /// What its document names; empty when it does not exist.
    pub(super) named: Vec<Arc<Entry>>,
}

impl Assembled {
    /// Everything that is looked at when it is rendered.
    fn parts(&self) -> Parts {
        let mut parts: Parts = smallvec![self.product.part()];
        parts.extend(self.named.iter().map(|entry| entry.part()));
        parts
    }

    /// With the least of the parts' horizons. Parts of two epochs prove nothing together.
    fn standing(&self, now: Moment) -> Standing {
        let own = &self.product.standing;
        let named = || self.named.iter().map(|entry| &entry.standing);
        let is_one = named().all(|standing| standing.epoch() == own.epoch());
        let epoch = if is_one { own.epoch() } else { Epoch::NONE };
        let horizon = named().map(Standing::horizon).fold(own.horizon(), Ord::min);
        Standing::new(epoch, self.parts(), horizon, now)
    }

    /// Renders it, or takes the body over from `known` when that shows the same.
    pub(super) fn render(
        &self,
        view: View,
        known: Option<&Rendered>,
        wall: Timestamp,
        now: Moment,
    ) -> Rendered {
        let standing = self.standing(now);
        let known = known.filter(|known| !known.has_lapsed(wall) && is_shown_by(known, &standing));
        let (body, valid_until) = match known {
            Some(known) => (known.body.clone(), known.valid_until),
            None => self.seen(view, wall),
        };
        Rendered {
            key: RenderedKey { id: self.product.key.id, view },
            standing,
            body,
            hash: self.product.hash,
            valid_until,
            layer: self.product.layer,
            first_read: None,
        }
    }

    fn seen(&self, view: View, wall: Timestamp) -> (Option<Arc<Body>>, Option<Timestamp>) {
        let Some((product, rules)) = self.product.product().zip(self.rules()) else {
            return (None, None);
        };
        let categories: BTreeMap<Uuid, _> = self
            .named
            .iter()
            .filter_map(|entry| Some((entry.key.id, Arc::clone(entry.category()?))))
            .collect();
        let version = self.product.standing.version();
        let Seen { seen, valid_until } =
            render_product(product, version, &categories, rules, view, wall);
        let body = seen.map(|seen| {
            let json = serde_json::to_vec(&seen)
                .expect("a view has only text keys, so it can be written as JSON");
            Arc::new(Body::new(Bytes::from(json)))
        });
        (body, valid_until)
    }

    fn rules(&self) -> Option<&CatalogRules> {
        self.named.iter().find_map(|entry| entry.rules())
    }
}

/// What each of these products needs beside itself: the rules, and its categories.
pub(super) fn named_by(products: &[Arc<Entry>]) -> Vec<Subject> {
    let existing: Vec<_> = products.iter().filter_map(|entry| entry.product()).collect();
    if existing.is_empty() {
        return Vec::new();
    }
    let categories: BTreeSet<Uuid> =
        existing.iter().flat_map(|product| &product.categories).map(|member| member.id).collect();
    std::iter::once(Subject::Rules).chain(categories.into_iter().map(Subject::Category)).collect()
}

/// What products name, by key.
#[derive(Debug, Default)]
pub(super) struct Named(BTreeMap<EntityKey, Arc<Entry>>);

impl Named {
    pub(super) fn insert(&mut self, entry: Arc<Entry>) {
        self.0.insert(entry.key, entry);
    }

    /// The product with what it names; `None` when something of that could not be had.
    pub(super) fn assemble(&self, product: &Arc<Entry>) -> Option<Arc<Assembled>> {
        let named = match product.product() {
            Some(document) => std::iter::once(EntityKey::RULES)
                .chain(document.categories.iter().map(|member| EntityKey::category(member.id)))
                .map(|key| self.0.get(&key).cloned())
                .collect::<Option<_>>()?,
            None => Vec::new(),
        };
        Some(Arc::new(Assembled { product: Arc::clone(product), named }))
    }
}

/// Whether `rendered` shows just what stands so, and its body can be used again.
fn is_shown_by(rendered: &Rendered, standing: &Standing) -> bool {
    standing.epoch() != Epoch::NONE
        && rendered.standing.epoch() == standing.epoch()
        && rendered.standing.parts() == standing.parts()
}
