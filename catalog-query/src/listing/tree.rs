//! The categories as a tree, and how a storefront sees it.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use catalog_core::{document::CatalogRules, freshness::Version, view::Locale};
use parking_lot::Mutex;
use tokio::{sync::OnceCell, task::spawn_blocking};
use uuid::Uuid;

use super::views::{CategoryNode, CategoryReference};
use crate::{cache::Body, store::listing_tree::TreeRow};

/// How deep a rendered tree goes. What is below is reached by the category's own address.
const DEPTH: usize = 64;

/// Shared by all who wait for it.
type Rendering = Arc<OnceCell<Arc<Body>>>;

/// All living categories. One whose parent is gone stands at the top.
#[derive(Debug, Default)]
pub struct CategoryTree {
    categories: HashMap<Uuid, TreeRow>,
    /// Ordered by position, then id; of `None`, those at the top.
    children: HashMap<Option<Uuid>, Vec<Uuid>>,
    /// As it was last rendered in each locale, by this version of the catalog's rules.
    shown: Mutex<HashMap<Locale, (Version, Rendering)>>,
}

impl From<Vec<TreeRow>> for CategoryTree {
    /// Puts the rows in order.
    fn from(rows: Vec<TreeRow>) -> Self {
        let categories: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut children: HashMap<_, Vec<Uuid>> = HashMap::new();
        for row in categories.values() {
            let parent = row.parent_id.filter(|parent| categories.contains_key(parent));
            children.entry(parent).or_default().push(row.id);
        }
        for siblings in children.values_mut() {
            siblings.sort_unstable_by_key(|id| (categories.get(id).map(|row| row.position), *id));
        }
        Self { categories, children, shown: Mutex::default() }
    }
}

impl CategoryTree {
    /// How many categories it has.
    pub fn len(&self) -> usize {
        self.categories.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.categories.is_empty()
    }

    /// The tree's body in a locale, rendered, away from the threads on which requests are answered,
    /// when nobody has asked for it by these rules. `None` when that fails.
    pub async fn shown(
        &self,
        locale: Locale,
        rules: Version,
        render: impl FnOnce() -> Bytes + Send + 'static,
    ) -> Option<Arc<Body>> {
        let rendering = self.rendering(locale, rules);
        let rendered = rendering
            .get_or_try_init(|| spawn_blocking(move || Arc::new(Body::new(render()))))
            .await;
        rendered.ok().cloned()
    }

    fn rendering(&self, locale: Locale, rules: Version) -> Rendering {
        let mut shown = self.shown.lock();
        match shown.get(&locale) {
            Some((version, rendering)) if *version == rules => Arc::clone(rendering),
            _ => {
                let rendering = Rendering::default();
                shown.insert(locale, (rules, Arc::clone(&rendering)));
                rendering
            }
        }
    }

    /// The whole tree in a locale.
    pub fn render(&self, rules: &CatalogRules, locale: Locale) -> Vec<CategoryNode> {
        self.nodes(None, &rules.fallbacks(locale), DEPTH)
    }

    /// The categories above the one whose parent this is, from the top down.
    pub fn path(
        &self,
        parent: Option<Uuid>,
        rules: &CatalogRules,
        locale: Locale,
    ) -> Vec<CategoryReference> {
        let locales = rules.fallbacks(locale);
        let above = |row: &&TreeRow| row.parent_id.and_then(|id| self.categories.get(&id));
        let mut path: Vec<_> =
            std::iter::successors(parent.and_then(|id| self.categories.get(&id)), above)
                .take(self.categories.len())
                .map(|row| reference(row, &locales))
                .collect();
        path.reverse();
        path
    }

    /// The categories just below `id`, in order.
    pub fn children(
        &self,
        id: Uuid,
        rules: &CatalogRules,
        locale: Locale,
    ) -> Vec<CategoryReference> {
        let locales = rules.fallbacks(locale);
        self.below(Some(id)).map(|row| reference(row, &locales)).collect()
    }

    /// The recursion ends: it goes no deeper than `depth`.
    fn nodes(&self, parent: Option<Uuid>, locales: &[Locale], depth: usize) -> Vec<CategoryNode> {
        if depth == 0 {
            return Vec::new();
        }
        self.below(parent)
            .map(|row| CategoryNode {
                id: row.id,
                slug: row.slug.clone(),
                name: name(row, locales),
                children: self.nodes(Some(row.id), locales, depth - 1),
            })
            .collect()
    }

    fn below(&self, parent: Option<Uuid>) -> impl Iterator<Item = &TreeRow> {
        self.children.get(&parent).into_iter().flatten().filter_map(|id| self.categories.get(id))
    }
}

fn reference(row: &TreeRow, locales: &[Locale]) -> CategoryReference {
    CategoryReference { id: row.id, slug: row.slug.clone(), name: name(row, locales) }
}

/// As `catalog_core::render` finds words: by the fallbacks, else in any locale, else the slug.
fn name(row: &TreeRow, locales: &[Locale]) -> String {
    locales
        .iter()
        .find_map(|locale| row.names.get(locale))
        .or_else(|| row.names.values().next())
        .unwrap_or(&row.slug)
        .clone()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn row(id: u128, parent: Option<u128>, position: i32, names: &[(&str, &str)]) -> TreeRow {
        let names: BTreeMap<_, _> = names
            .iter()
            .map(|(locale, name)| (locale.parse().unwrap(), (*name).to_owned()))
            .collect();
        TreeRow {
            id: Uuid::from_u128(id),
            slug: format!("category-{id}"),
            parent_id: parent.map(Uuid::from_u128),
            position,
            names,
        }
    }

    fn rules() -> CatalogRules {
        serde_json::from_value(json!({
            "channels": [], "currencies": [],
            "locales": [{"code": "en", "fallback": null, "is_default": true},
                        {"code": "de", "fallback": "en", "is_default": false}]
        }))
        .unwrap()
    }

    fn outline(nodes: &[CategoryNode]) -> String {
        let one = |node: &CategoryNode| format!("{}[{}]", node.name, outline(&node.children));
        nodes.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn tree() -> CategoryTree {
        CategoryTree::from(vec![
            row(1, None, 1, &[("en", "Clothes"), ("de", "Kleidung")]),
            row(2, Some(1), 2, &[("en", "Socks")]),
            row(3, Some(1), 1, &[("de", "Hosen")]),
            row(4, None, 0, &[]),
            row(5, Some(99), 7, &[("fr", "Orphelin")]),
        ])
    }

    #[test]
    fn categories_stand_below_their_parents_in_order() {
        let shown = tree().render(&rules(), "de".parse().unwrap());
        assert_eq!(outline(&shown), "category-4[] Kleidung[Hosen[] Socks[]] Orphelin[]");
    }

    #[test]
    fn a_category_knows_what_is_above_and_below_it() {
        let (tree, rules, locale) = (tree(), rules(), "en".parse().unwrap());
        let slugs = |found: Vec<CategoryReference>| -> Vec<_> {
            found.into_iter().map(|reference| reference.slug).collect()
        };
        assert_eq!(slugs(tree.path(Some(Uuid::from_u128(1)), &rules, locale)), ["category-1"]);
        assert_eq!(slugs(tree.path(None, &rules, locale)), [""; 0]);
        let below = tree.children(Uuid::from_u128(1), &rules, locale);
        assert_eq!(slugs(below), ["category-3", "category-2"]);
    }

    #[test]
    fn a_tree_deeper_than_is_shown_ends() {
        let rows: Vec<_> =
            (0..1000).map(|id| row(id + 1, (id > 0).then_some(id), 0, &[])).collect();
        let tree = CategoryTree::from(rows);
        let mut nodes = tree.render(&rules(), "en".parse().unwrap());
        let mut depth = 0;
        while let Some(node) = nodes.pop() {
            depth += 1;
            nodes = node.children;
        }
        assert_eq!(depth, DEPTH);
        assert_eq!(
            tree.path(Some(Uuid::from_u128(1000)), &rules(), "en".parse().unwrap()).len(),
            1000
        );
    }
}
