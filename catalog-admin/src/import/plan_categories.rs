//! What the category lines of a batch come to.

use std::collections::HashMap;

use catalog_core::document::CategoryDocument;
use uuid::Uuid;

use crate::category::ValidCategory;
use crate::store::import::{CategoryRow, CategoryRows, TranslationRow};
use crate::value::ExternalKey;

use super::names::{Made, Names};
use super::outcome::Outcome;
use super::reject;

const ORDER: &str = "a parent must stand before its children";

/// Goes through the category lines of a batch in order.
#[derive(Debug)]
pub(super) struct CategoryPlan<'a> {
    pub(super) names: &'a Names,
    pub(super) documents: &'a HashMap<Uuid, CategoryDocument>,
    pub(super) made: Made,
    pub(super) rows: CategoryRows<'a>,
}

impl<'a> CategoryPlan<'a> {
    /// Decides what becomes of a line, and adds the rows that it takes.
    pub(super) fn add(
        &mut self,
        line: u64,
        category: &'a ValidCategory,
        target: Option<Uuid>,
    ) -> Outcome {
        let slug = category.slug.as_str();
        let mut errors = Vec::new();
        if let Some(owner) = self.made.slug_owner(self.names, slug, line)
            && Some(owner.id) != target
        {
            errors.push(reject::taken("/slug", slug, "category", owner));
        }
        let mut parent_id = None;
        if let Some(reference) = &category.parent {
            parent_id = self.made.find(self.names, reference, line);
            if parent_id.is_none() {
                errors.push(reject::unknown("/parent", "category", reference, ORDER));
            } else if parent_id == target {
                errors.push(reject::cycle());
            }
        }
        if !errors.is_empty() {
            return Outcome::Rejected(errors);
        }
        let document = target.and_then(|id| self.documents.get(&id));
        if document.is_some_and(|document| is_same(document, category, parent_id)) {
            return Outcome::Unchanged;
        }
        let id = target.unwrap_or_else(Uuid::now_v7);
        let external_key = category.external_key.as_ref().map(ExternalKey::as_str);
        self.made.note(id, line, external_key, slug, std::iter::empty());
        self.rows.categories.push(CategoryRow {
            id,
            is_new: target.is_none(),
            external_key,
            slug,
            parent_id,
            position: category.position,
        });
        let words = category.translations.iter().map(|(locale, words)| TranslationRow {
            owner_id: id,
            locale: *locale,
            name: &words.name,
            description: &words.description,
        });
        self.rows.translations.extend(words);
        if document.is_some() { Outcome::Updated(id) } else { Outcome::Created(id) }
    }
}

fn is_same(document: &CategoryDocument, category: &ValidCategory, parent_id: Option<Uuid>) -> bool {
    document.slug == category.slug.as_str()
        && document.parent_id == parent_id
        && document.position == category.position
        && document.translations == category.translations
}
