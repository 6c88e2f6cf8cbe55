//! The part of a load that PostgreSQL gives.

use std::{sync::Arc, time::Instant};

use catalog_core::key::{Kind, SlugScope};
use uuid::Uuid;

use super::{Load, Loader, load::Fill};
use crate::{
    cache::Entry,
    read::{ReadError, Subject},
    store::{
        Place, StoreError,
        entries::{Batch, Categories, EntryRow, Products, Skus, Slugs},
    },
};

impl Loader {
    /// Asks for these once, a statement for each kind of thing; nearly always one. What the rule
    /// accepts is no longer wanted. An error means that some of it was not asked for.
    pub(super) async fn ask(
        &self,
        load: &mut Load,
        place: Place,
        subjects: &[Subject],
    ) -> Result<(), StoreError> {
        if subjects.is_empty() {
            return Ok(());
        }
        let begun = Instant::now();
        let asked = self.ask_all(load, place, &Wanted::of(subjects)).await;
        self.metrics.loaded(place, asked.is_ok(), begun.elapsed());
        if let Err(error) = &asked {
            tracing::debug!(error.message = %error, load.place = ?place, "a load got no answer");
            load.fail(ReadError::from(error));
        }
        asked
    }

    async fn ask_all(
        &self,
        load: &mut Load,
        place: Place,
        wanted: &Wanted<'_>,
    ) -> Result<(), StoreError> {
        if !wanted.products.is_empty() {
            self.sort(load, place, self.store.ask(place, &Products(&wanted.products)).await?);
        }
        if wanted.rules || !wanted.categories.is_empty() {
            self.sort(load, place, self.store.ask(place, &Categories(&wanted.categories)).await?);
        }
        for (scope, slugs) in [
            (SlugScope::Product, &wanted.product_slugs),
            (SlugScope::Category, &wanted.category_slugs),
        ] {
            if !slugs.is_empty() {
                self.sort(load, place, self.store.ask(place, &Slugs { scope, slugs }).await?);
            }
        }
        if !wanted.skus.is_empty() {
            self.sort(load, place, self.store.ask(place, &Skus(&wanted.skus)).await?);
        }
        Ok(())
    }

    /// Keeps what was wanted and what came along. A primary without a valid incarnation row is not
    /// believed.
    fn sort(&self, load: &mut Load, place: Place, batch: Batch) {
        if !batch.shown.counts {
            tracing::warn!(
                "the primary has no valid incarnation row, so what it gives is not used"
            );
            return;
        }
        for row in batch.rows {
            let wanted = load.wants(&row.key);
            if !wanted && let Some(known) = self.known(&row) {
                load.bring(known);
                continue;
            }
            let entry = match Entry::from_row(&row, batch.shown, place, self.clock.now()) {
                Ok(entry) => Arc::new(entry),
                Err(error) => {
                    self.metrics.unusable();
                    tracing::error!(entry.key = %row.key, error.message = %error, "an unusable document");
                    self.unusable.insert(row.key, ());
                    load.settle(&row.key);
                    continue;
                }
            };
            if row.key.kind != Kind::Product {
                self.entries.offer(&entry);
            }
            if wanted {
                let accepted = self.accepts(&entry);
                load.note(entry, accepted);
                if accepted && let Some(token) = load.leases.remove(&row.key) {
                    load.fills.push(Fill { token, shown: batch.shown, row });
                }
            } else {
                load.bring(entry);
            }
        }
    }

    /// What memory holds already in this very version, so that it need not be parsed again.
    fn known(&self, row: &EntryRow) -> Option<Arc<Entry>> {
        let known = self.entries.get(&row.key)?;
        (known.standing.version() == row.version && self.accepts(&known)).then_some(known)
    }
}

/// Subjects sorted by the statement that gives them.
#[derive(Default)]
struct Wanted<'a> {
    products: Vec<Uuid>,
    categories: Vec<Uuid>,
    rules: bool,
    product_slugs: Vec<&'a str>,
    category_slugs: Vec<&'a str>,
    skus: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    fn of(subjects: &'a [Subject]) -> Self {
        let mut wanted = Self::default();
        for subject in subjects {
            match subject {
                Subject::Product(id) => wanted.products.push(*id),
                Subject::Category(id) => wanted.categories.push(*id),
                Subject::Rules => wanted.rules = true,
                Subject::Slug(SlugScope::Product, slug) => wanted.product_slugs.push(slug),
                Subject::Slug(SlugScope::Category, slug) => wanted.category_slugs.push(slug),
                Subject::Sku(sku) => wanted.skus.push(sku),
            }
        }
        wanted
    }
}
