//! Who is called what, in the catalog and after the lines of a batch that came before.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::store::lookup::Found;
use crate::value::Reference;

/// Who is called what in the catalog, as far as a batch asks.
#[derive(Debug, Default)]
pub(crate) struct Names {
    ids: HashSet<Uuid>,
    keys: HashMap<String, Uuid>,
    slugs: HashMap<String, Uuid>,
    skus: HashMap<String, Uuid>,
}

impl Names {
    pub(crate) fn new(found: Vec<Found>, skus: HashMap<String, Uuid>) -> Self {
        let mut names = Self { skus, ..Self::default() };
        for Found { by, value, id } in found {
            match by.as_str() {
                "external_key" => drop(names.keys.insert(value, id)),
                "slug" => drop(names.slugs.insert(value, id)),
                _ => drop(names.ids.insert(id)),
            }
        }
        names
    }
}

/// What the lines of a batch have made so far. No line touches what an earlier one has touched: the
/// batch ends before it.
#[derive(Debug, Default)]
pub(crate) struct Made {
    touched: HashMap<Uuid, u64>,
    keys: HashMap<String, Maker>,
    slugs: HashMap<String, Maker>,
    skus: HashMap<String, Maker>,
}

/// Whose a name has become, and by which line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Maker {
    id: Uuid,
    line: u64,
}

/// Who has a value that another wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) id: Uuid,
    /// The line of this batch that gave it to them.
    pub(crate) line: Option<u64>,
}

impl Made {
    /// Notes what the line has made: everything that this thing is called now.
    pub(crate) fn note<'a>(
        &mut self,
        id: Uuid,
        line: u64,
        key: Option<&str>,
        slug: &str,
        skus: impl Iterator<Item = &'a str>,
    ) {
        let maker = Maker { id, line };
        self.touched.insert(id, line);
        self.slugs.insert(slug.to_owned(), maker);
        self.skus.extend(skus.map(|sku| (sku.to_owned(), maker)));
        if let Some(key) = key {
            self.keys.insert(key.to_owned(), maker);
        }
    }

    /// Whom a reference on this line means.
    pub(crate) fn find(&self, names: &Names, reference: &Reference, line: u64) -> Option<Uuid> {
        match reference {
            Reference::Id(id) => names.ids.contains(id).then_some(*id),
            Reference::ExternalKey(key) => {
                let made = self.keys.get(key.as_str()).filter(|maker| maker.line < line);
                made.map(|maker| maker.id).or_else(|| names.keys.get(key.as_str()).copied())
            }
            Reference::Slug(slug) => {
                self.slug_owner(names, slug.as_str(), line).map(|owner| owner.id)
            }
        }
    }

    /// Whose this slug is when it is this line's turn.
    pub(crate) fn slug_owner(&self, names: &Names, slug: &str, line: u64) -> Option<Owner> {
        self.owner(self.slugs.get(slug), names.slugs.get(slug), line)
    }

    /// Whose this SKU is when it is this line's turn.
    pub(crate) fn sku_owner(&self, names: &Names, sku: &str, line: u64) -> Option<Owner> {
        self.owner(self.skus.get(sku), names.skus.get(sku), line)
    }

    /// Who was touched by an earlier line is called only what that line says.
    fn owner(&self, made: Option<&Maker>, was: Option<&Uuid>, line: u64) -> Option<Owner> {
        let made = made.filter(|maker| maker.line < line);
        let was = was.filter(|id| self.touched.get(id).is_none_or(|touched| *touched >= line));
        made.map(|maker| Owner { id: maker.id, line: Some(maker.line) })
            .or_else(|| was.map(|id| Owner { id: *id, line: None }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Slug;

    fn names(slugs: &[(&str, Uuid)]) -> Names {
        let found = slugs.iter().map(|(slug, id)| Found {
            by: "slug".to_owned(),
            value: (*slug).to_owned(),
            id: *id,
        });
        Names::new(found.collect(), HashMap::new())
    }

    fn slug(text: &str) -> Reference {
        Reference::Slug(Slug::new(text.to_owned()).expect("a slug"))
    }

    #[test]
    fn a_slug_that_an_earlier_line_gave_up_is_free_and_the_new_one_leads_there() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let names = names(&[("old", one), ("other", two)]);
        let mut made = Made::default();
        made.note(one, 5, None, "new", std::iter::empty());
        assert_eq!(made.find(&names, &slug("old"), 6), None);
        assert_eq!(made.find(&names, &slug("new"), 6), Some(one));
        assert_eq!(made.find(&names, &slug("other"), 6), Some(two));
        // For an earlier line nothing has happened yet.
        assert_eq!(made.find(&names, &slug("old"), 5), Some(one));
        assert_eq!(made.find(&names, &slug("new"), 5), None);
    }
}
