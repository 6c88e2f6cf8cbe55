//! The part of a load that PostgreSQL gives.

use std::{sync::Arc, time::Duration};

use catalog_core::key::{Kind, SlugScope};
use service_kit::backoff::Backoff;
use tokio::time::sleep;
use uuid::Uuid;

use super::{Load, Loader, load::Fill};
use crate::{
    cache::Entry,
    read::Subject,
    store::{
        Place, StoreError,
        entries::{Batch, Categories, EntryRow, Products, Skus, Slugs},
    },
};

/// A replica that is behind is asked again after so long, growing.
const FIRST_RETRY: Duration = Duration::from_millis(4);
const LONGEST_RETRY: Duration = Duration::from_millis(60);

impl Loader {
    /// Asks replicas until the rule accepts what they give, for a quarter of the bound, and then the
    /// primary. An error means that nothing was found of something.
    pub(super) async fn ask_database(
        &self,
        load: &mut Load,
        mut subjects: Vec<Subject>,
    ) -> Result<(), StoreError> {
        let mut retries =
            Backoff::new(FIRST_RETRY, LONGEST_RETRY).budget(self.freshness.bound() / 4);
        loop {
            match self.ask(load, Place::Replica, &subjects).await {
                Ok(()) => {}
                Err(StoreError::Busy) => return Err(StoreError::Busy),
                Err(error) => {
                    tracing::debug!(error.message = %error, "no replica could answer");
                    break;
                }
            }
            subjects.retain(|subject| load.wants(&subject.key()));
            if subjects.is_empty() {
                return Ok(());
            }
            // Without polls nothing newer is known, and nothing that is loaded can be proven.
            if !self.freshness.is_polling(self.clock.now()) {
                return Ok(());
            }
            match retries.next_pause() {
                Some(pause) => sleep(pause).await,
                None => break,
            }
        }
        let answered = self.ask(load, Place::Primary, &subjects).await;
        let nothing = subjects.iter().any(|subject| load.found(&subject.key()).is_none());
        if nothing { answered } else { Ok(()) }
    }

    async fn ask(
        &self,
        load: &mut Load,
        place: Place,
        subjects: &[Subject],
    ) -> Result<(), StoreError> {
        let asked = self.statements(place, subjects).await;
        self.metrics.loaded(place, asked.is_ok());
        for batch in asked? {
            self.sort(load, place, batch);
        }
        Ok(())
    }

    /// One statement for each kind of thing; nearly always one.
    async fn statements(
        &self,
        place: Place,
        subjects: &[Subject],
    ) -> Result<Vec<Batch>, StoreError> {
        let wanted = Wanted::of(subjects);
        let mut batches = Vec::with_capacity(1);
        if !wanted.products.is_empty() {
            batches.push(self.store.ask(place, &Products(&wanted.products)).await?);
        }
        if wanted.rules || !wanted.categories.is_empty() {
            batches.push(self.store.ask(place, &Categories(&wanted.categories)).await?);
        }
        for (scope, slugs) in [
            (SlugScope::Product, wanted.product_slugs),
            (SlugScope::Category, wanted.category_slugs),
        ] {
            if !slugs.is_empty() {
                batches.push(self.store.ask(place, &Slugs { scope, slugs: &slugs }).await?);
            }
        }
        if !wanted.skus.is_empty() {
            batches.push(self.store.ask(place, &Skus(&wanted.skus)).await?);
        }
        Ok(batches)
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
                    continue;
                }
            };
            if row.key.kind != Kind::Product {
                self.entries.offer(&entry);
            }
            if wanted {
                let accepted = self.accepts(&entry);
                load.note(entry, accepted);
                if accepted && let Some(token) = load.lease(&row.key) {
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
