//! The tree of categories: department, group, sort, and what a sort is for. Four levels.

use super::departments::DEPARTMENTS;
use super::words::Both;
use crate::line::{CategoryLine, Reference, Translation, Translations};
use crate::slug::slug_of;

/// A department of the shop.
pub(crate) struct Department {
    pub(crate) name: Both,
    /// What its things are for: the fourth level, below each sort.
    pub(crate) uses: &'static [Both],
    pub(crate) groups: &'static [Group],
}

/// A group of sorts.
pub(crate) struct Group {
    pub(crate) name: Both,
    pub(crate) sorts: &'static [Sort],
}

/// A sort of thing that is sold.
pub(crate) struct Sort {
    pub(crate) one: Both,
    pub(crate) many: Both,
    pub(crate) range: Range,
    /// Least and greatest regular price in euros.
    pub(crate) euros: (u32, u32),
}

/// In what the variants of a product differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    /// In nothing: there is one.
    Plain,
    /// In colour.
    Coloured,
    /// In clothes' size and colour.
    Worn,
    /// In shoe size and colour.
    Shod,
    /// In litres and colour.
    Carried,
    /// In litres.
    Filled,
    /// In small, medium, large.
    Sized,
    /// In how many are in the box.
    Boxed,
}

/// A category of the fourth level, where products are.
pub(crate) struct Leaf {
    pub(crate) department: Both,
    pub(crate) sort: &'static Sort,
    pub(crate) purpose: Both,
    pub(crate) key: String,
    /// The key of the category above, in which some products are too.
    pub(crate) parent_key: String,
}

/// All categories, parents before children, and the leaves among them.
pub(crate) struct Taxonomy {
    pub(crate) lines: Vec<CategoryLine>,
    pub(crate) leaves: Vec<Leaf>,
}

impl Taxonomy {
    pub(crate) fn new() -> Self {
        let mut tree = Self { lines: Vec::new(), leaves: Vec::new() };
        for (position, department) in DEPARTMENTS.iter().enumerate() {
            let key = tree.add(None, department.name, position);
            for (position, group) in department.groups.iter().enumerate() {
                let key = tree.add(Some(&key), group.name, position);
                for (position, sort) in group.sorts.iter().enumerate() {
                    let key = tree.add(Some(&key), sort.many, position);
                    tree.add_leaves(&key, department, sort);
                }
            }
        }
        tree
    }

    fn add_leaves(&mut self, parent_key: &str, department: &Department, sort: &'static Sort) {
        for (position, purpose) in department.uses.iter().enumerate() {
            let name = [0, 1].map(|locale| format!("{} {}", sort.many[locale], purpose[locale]));
            let key = self.add(Some(parent_key), [&name[0], &name[1]], position);
            self.leaves.push(Leaf {
                department: department.name,
                sort,
                purpose: *purpose,
                key,
                parent_key: parent_key.to_owned(),
            });
        }
    }

    /// Adds a category below `parent` and gives its key; its slug says the way to it, so that no
    /// two are alike.
    fn add(&mut self, parent: Option<&str>, name: [&str; 2], position: usize) -> String {
        let own = slug_of(name[0]);
        let slug = match parent.and_then(|key| key.strip_prefix(KEY_PREFIX)) {
            Some(above) => format!("{above}-{own}"),
            None => own,
        };
        let key = format!("{KEY_PREFIX}{slug}");
        self.lines.push(CategoryLine {
            external_key: key.clone(),
            slug,
            parent: parent.map(Reference::to),
            position,
            translations: translated(name.map(Translation::named)),
        });
        key
    }
}

const KEY_PREFIX: &str = "demo-category-";

/// Words in English and German as a line has them.
pub(crate) fn translated([english, german]: [Translation; 2]) -> Translations {
    Translations::from([("en", english), ("de", german)])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn parents_stand_before_their_children_and_nothing_twice() {
        let tree = Taxonomy::new();
        let mut keys = BTreeSet::new();
        let mut slugs = BTreeSet::new();
        for line in &tree.lines {
            if let Some(parent) = &line.parent {
                assert!(keys.contains(&parent.external_key), "{line:?}");
            }
            assert!(keys.insert(line.external_key.clone()), "{line:?}");
            assert!(slugs.insert(line.slug.clone()), "{line:?}");
        }
        assert_eq!(tree.lines.len(), 5 + 20 + 80 + 240);
        assert_eq!(tree.leaves.len(), 240);
    }
}
