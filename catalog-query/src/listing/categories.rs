//! Categories as storefronts see them: the whole tree, and one with what is above and below it.

use std::sync::Arc;

use bytes::Bytes;
use catalog_core::{render::render_category, view::Locale};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    cache::Body,
    dated::{DatedCache, DatedKey},
    read::{Demand, EntryAnswer, ReadError, Reader, Subject},
    store::listing_tree::{Tree, TreeRow},
};

use super::{
    CategoryTree,
    answer::{CategoryAnswer, ListAnswer},
    views::{CategoryTreeView, PlacedCategory},
};

/// What a category weighs in the tree: ids, slug, names, and its places in two maps.
const CATEGORY_BYTES: usize = 400;

/// Names the one tree that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TheTree;

impl DatedKey for TheTree {
    type Value = CategoryTree;
    type Rows = Vec<TreeRow>;
    type Statement = Tree;

    fn statement(&self, _: Timestamp) -> Tree {
        Tree
    }

    fn weight(tree: &CategoryTree) -> usize {
        tree.len() * CATEGORY_BYTES
    }
}

/// Categories.
#[derive(Debug)]
pub struct Categories {
    reader: Arc<Reader>,
    trees: Arc<DatedCache<TheTree>>,
}

impl Categories {
    /// Over this tree.
    pub const fn new(reader: Arc<Reader>, trees: Arc<DatedCache<TheTree>>) -> Self {
        Self { reader, trees }
    }

    /// Waits until no tree is being loaded.
    pub async fn drain(&self) {
        self.trees.drain().await;
    }

    /// The whole tree in a locale.
    pub async fn tree(
        &self,
        rules: &EntryAnswer,
        locale: Locale,
        demand: &Demand,
    ) -> Result<ListAnswer, ReadError> {
        let listed = self.trees.get(&TheTree, demand).await?;
        let version = rules.entry.standing.version();
        let (dated, entry) = (Arc::clone(&listed.dated), Arc::clone(&rules.entry));
        let render = move || {
            let items = entry.rules().map(|catalog| dated.value().render(catalog, locale));
            json(&CategoryTreeView { items: items.unwrap_or_default() })
        };
        let shown = listed.dated.value().shown(locale, version, render).await;
        let body = shown.ok_or(ReadError::Unavailable)?;
        Ok(ListAnswer { body, origin: listed.origin.and(rules.origin), valid_until: None })
    }

    /// A category with the categories above and just below it.
    pub async fn category(
        &self,
        id: Uuid,
        rules: &EntryAnswer,
        locale: Locale,
        demand: &Demand,
    ) -> Result<CategoryAnswer, ReadError> {
        let found = self.reader.entry(Subject::Category(id), demand).await?;
        let Some(document) = found.entry.category() else {
            return Ok(CategoryAnswer { body: None, origin: found.origin });
        };
        let listed = self.trees.get(&TheTree, demand).await?;
        let tree = listed.dated.value();
        let catalog = rules.entry.rules().ok_or(ReadError::Unavailable)?;
        let version = found.entry.standing.version();
        let placed = PlacedCategory {
            category: render_category(document, version, catalog, locale),
            path: tree.path(document.parent_id, catalog, locale),
            children: tree.children(id, catalog, locale),
        };
        let origin = found.origin.and(listed.origin).and(rules.origin);
        Ok(CategoryAnswer { body: Some(Arc::new(Body::new(json(&placed)))), origin })
    }
}

fn json(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value)
        .expect("a view has only text keys, so it can be written as JSON")
        .into()
}
