//! Finding the products and categories that a document refers to.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::error::Result;
use crate::field::{FieldError, Fields, Wrong};
use crate::store::lookup::{Found, Wanted, living};
use crate::store::{Table, Transaction};
use crate::value::{Mention, Reference};

/// What references were found to mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved(BTreeMap<Reference, Uuid>);

impl Resolved {
    /// What a reference means, if that was found.
    pub fn get(&self, reference: &Reference) -> Option<Uuid> {
        self.0.get(reference).copied()
    }

    /// Takes references to these ids as found, though what they name may be deleted by now: what a
    /// document says already it may go on saying.
    fn admit(&mut self, ids: impl IntoIterator<Item = Uuid>) {
        self.0.extend(ids.into_iter().map(|id| (Reference::Id(id), id)));
    }

    fn add(&mut self, found: &[Found], mentions: &[Mention]) {
        for mention in mentions {
            let reference = &mention.reference;
            let hit = found
                .iter()
                .find(|found| found.by == reference.member() && found.value == reference.value());
            if let Some(hit) = hit {
                self.0.insert(reference.clone(), hit.id);
            }
        }
    }
}

/// Finds these products or categories; those with the `admitted` ids may be deleted ones.
pub(super) async fn resolve(
    tx: &Transaction,
    of: Table,
    mentions: &[Mention],
    admitted: impl IntoIterator<Item = Uuid>,
    fields: &mut Fields,
) -> Result<Resolved> {
    let mut resolved = Resolved::default();
    if !mentions.is_empty() {
        resolved.add(&living(tx, of, &wanted(mentions)).await?, mentions);
        resolved.admit(admitted);
        report(of.name(), mentions, &resolved, fields);
    }
    Ok(resolved)
}

fn wanted(mentions: &[Mention]) -> Wanted {
    let references: BTreeSet<&Reference> = mentions.iter().map(|m| &m.reference).collect();
    let mut wanted = Wanted::default();
    for reference in references {
        match reference {
            Reference::Id(id) => wanted.ids.push(*id),
            Reference::ExternalKey(key) => wanted.external_keys.push(key.to_string()),
            Reference::Slug(slug) => wanted.slugs.push(slug.to_string()),
        }
    }
    wanted
}

fn report(what: &str, mentions: &[Mention], resolved: &Resolved, fields: &mut Fields) {
    for Mention { pointer, reference } in mentions {
        if resolved.get(reference).is_none() {
            let (member, value) = (reference.member(), reference.value());
            fields.push(FieldError {
                pointer: format!("{pointer}/{member}"),
                wrong: Wrong::UnknownReference,
                detail: format!("there is no {what} with the {member} `{value}`"),
            });
        }
    }
}
